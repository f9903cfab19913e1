/** A run of the program: each resource that it registers is compared with the state and brought to what it is to be. */
import { aliasUrns } from "./aliases";
import type { RegisteredResource } from "./api";
import { deleteAll, refuseProtected } from "./deletes";
import type { Step } from "./events";
import { Executor } from "./executor";
import { bareGoal, type Goal } from "./goal";
import type { Policies } from "./policy";
import { equal, plain, withSecretKeys, withSecretsOf } from "./properties";
import { UNKNOWN, type PropertyMap } from "./provider";
import { Reconciler, withoutBlanks } from "./reconcile";
import { asRegistered } from "./registered";
import { limited, providerFor, type Run } from "./run";
import type { Row, State } from "./state/store";
import { isProviderType, makeUrn, packageOf, providerType, STACK_TYPE } from "./urn";

/** What the program is told. */
export interface Registered {
    state: State;
}

export class Deployment {
    private readonly executor: Executor;
    private readonly reconciler: Reconciler;
    /** Resources of this run by URN. */
    readonly registered = new Map<string, { goal: Goal; row?: Row; result?: Registered }>();
    private readonly rowsByUrn = new Map<string, Row>();
    private readonly seen = new Set<Row>();
    /** New URN to the one in the state, where an alias matched. */
    private readonly renamed = new Map<string, string>();
    private readonly defaultProviders = new Map<string, Promise<string>>();
    rootUrn = "";

    constructor(
        private readonly run: Run,
        private readonly policies?: Policies,
    ) {
        this.executor = new Executor(run);
        this.reconciler = new Reconciler(run, this.executor, this.seen, policies);
        for (const row of run.store.rows.values()) if (!row.state.delete) this.rowsByUrn.set(row.state.urn, row);
    }

    /** @throws what makes the program's request fail; then the run is ending */
    async register(goal: Goal): Promise<Registered> {
        const { run } = this;
        run.halt.check();
        if (!goal.parent && goal.type !== STACK_TYPE && !isProviderType(goal.type)) goal.parent = this.rootUrn;
        this.inherit(goal);
        const urn = this.urnOf(goal.type, goal.name, goal.parent);
        if (this.registered.has(urn)) {
            throw new Error(
                `Two resources have the URN ${urn}. Give each resource of a type and parent a name of its own.`,
            );
        }
        const entry: { goal: Goal; row?: Row; result?: Registered } = { goal };
        this.registered.set(urn, entry);
        if (goal.type === STACK_TYPE) this.rootUrn = urn;
        run.scrubber.learn(goal.inputs);
        const provider =
            goal.custom && !isProviderType(goal.type)
                ? goal.provider || (await this.defaultProvider(packageOf(goal.type), goal.version))
                : "";
        if (goal.custom) run.providers.forType(goal.type);
        const old = this.match(urn, goal);
        const wanted = this.wantedState(urn, goal, provider, old?.state);
        this.refuseImport(goal, old?.state);
        const row = await this.reconciler.bring(goal, wanted, old);
        entry.row = row;
        this.seen.add(row);
        if (isProviderType(goal.type)) run.providers.configure(row.state);
        return (entry.result = { state: row.state });
    }

    urnOf(type: string, name: string, parent: string): string {
        return makeUrn(this.run.options.stack, this.run.project.name, parent || undefined, type, name);
    }

    private inherit(goal: Goal): void {
        const parent = this.registered.get(goal.parent)?.goal;
        if (goal.parent && !parent) throw new Error(`The parent ${goal.parent} of "${goal.name}" is not registered.`);
        goal.protect ??= parent?.protect;
        goal.retainOnDelete ??= parent?.retainOnDelete;
        goal.deletedWith ||= parent?.deletedWith ?? "";
    }

    /** The resource in the state, under its URN or an earlier one. */
    private match(urn: string, goal: Goal): Row | undefined {
        for (const candidate of [
            urn,
            ...aliasUrns(goal, this.run.options.stack, this.run.project.name, this.renamed),
        ]) {
            const row = this.rowsByUrn.get(candidate);
            if (!row || this.seen.has(row)) continue;
            this.seen.add(row);
            if (candidate !== urn) this.renamed.set(urn, candidate);
            return row;
        }
        return undefined;
    }

    private wantedState(urn: string, goal: Goal, provider: string, old: State | undefined): State {
        const renamed = this.renamed.get(urn);
        return {
            urn,
            custom: goal.custom,
            type: goal.type,
            inputs: goal.inputs,
            parent: goal.parent || undefined,
            provider: provider || undefined,
            dependencies: goal.dependencies,
            propertyDependencies: goal.propertyDependencies,
            protect: goal.protect,
            retainOnDelete: goal.retainOnDelete,
            deletedWith: goal.deletedWith || undefined,
            additionalSecretOutputs: goal.additionalSecretOutputs,
            aliases: renamed ? [renamed] : undefined,
            ignoreChanges: goal.ignoreChanges,
            replaceOnChanges: goal.replaceOnChanges,
            customTimeouts: goal.customTimeouts,
            importID: old?.importID,
            created: old?.created,
            modified: old?.modified,
        };
    }

    private refuseImport(goal: Goal, old: State | undefined): void {
        if (!goal.importId || goal.importId === old?.id || goal.importId === old?.importID) return;
        throw new Error(
            `${goal.type} "${goal.name}" is to be imported (option import: ${goal.importId}), which the embedded engine does not support. ` +
                `Import it once with the Pulumi CLI, or remove the option.`,
        );
    }

    /** Reference of the package's default provider, which is registered when the first resource asks for it. */
    defaultProvider(pkg: string, version: string): Promise<string> {
        const provider = this.run.providers.forPackage(pkg);
        const wanted = version || provider.version;
        if (wanted.split(".")[0] !== provider.version.split(".")[0]) {
            throw new Error(
                `The program uses version ${wanted} of the package "${pkg}", but the embedded engine's provider is like version ${provider.version}.`,
            );
        }
        const key = `${pkg}@${wanted}`;
        let reference = this.defaultProviders.get(key);
        if (!reference) {
            reference = this.register(defaultProviderGoal(pkg, wanted, this.run)).then(
                ({ state }) => `${state.urn}::${state.id ?? UNKNOWN}`,
            );
            this.defaultProviders.set(key, reference);
        }
        return reference;
    }

    /** Outputs of a component or of the stack. */
    registerOutputs(urn: string, outputs: PropertyMap): void {
        const { run } = this;
        const entry = this.registered.get(urn);
        if (!entry?.row) throw new Error(`Outputs were registered for ${urn}, which is not registered.`);
        run.scrubber.learn(outputs);
        const { row } = entry;
        const state = { ...row.state, outputs };
        entry.result = { ...entry.result, state };
        if (!equal(row.state.outputs ?? {}, outputs)) {
            if (run.dryRun) row.state = state;
            else run.store.commit({ put: [{ row, state }] });
        }
        run.reporter.done({ op: "same", urn, type: state.type, old: state, new: state });
    }

    /** A resource that is not managed here, as the provider finds it. */
    async read(goal: Goal, id: string): Promise<Registered> {
        const { run } = this;
        run.halt.check();
        goal.parent ||= this.rootUrn;
        const urn = this.urnOf(goal.type, goal.name, goal.parent);
        if (this.registered.has(urn)) throw new Error(`Two resources have the URN ${urn}.`);
        const entry: { goal: Goal; row?: Row; result?: Registered } = { goal };
        this.registered.set(urn, entry);
        const provider = goal.provider || (await this.defaultProvider(packageOf(goal.type), goal.version));
        const old = this.match(urn, goal);
        const wanted: State = { ...this.wantedState(urn, goal, provider, old?.state), id, external: true };
        const step: Step = { op: "read", urn, type: goal.type, provider, old: old?.state, new: wanted };
        run.reporter.pre(step);
        if (id !== UNKNOWN) {
            const { provider: implementation, context } = providerFor(run, wanted, "read");
            const found = await limited(run, () =>
                implementation.read(context, id, { inputs: plain(goal.inputs), outputs: plain(goal.inputs) }),
            );
            if (!found) throw new Error(`There is no ${goal.type} with the ID "${id}".`);
            wanted.inputs = withSecretsOf(found.inputs, goal.inputs);
            wanted.outputs = this.executor.outputs(wanted, found.outputs);
        }
        run.reporter.done({ ...step, new: wanted });
        entry.row = this.keepRead(wanted, old);
        this.seen.add(entry.row);
        return (entry.result = { state: wanted });
    }

    private keepRead(state: State, old: Row | undefined): Row {
        if (this.run.dryRun) return { id: -1, state };
        if (!old) return this.run.store.commit({ put: [{ state }] })[0]!;
        if (old.state.external || old.state.id === state.id) {
            return equal(withoutBlanks(old.state), withoutBlanks(state))
                ? old
                : this.run.store.commit({ put: [{ row: old, state }] })[0]!;
        }
        // Another object was managed under this URN so far; it is deleted at the end.
        this.seen.delete(old);
        return this.run.store.commit({ put: [{ state }, { row: old, state: { ...old.state, delete: true } }] })[0]!;
    }

    /** Has the policies judge the whole stack. */
    async analyze(): Promise<void> {
        const judged = [...this.registered.values()].flatMap(({ goal, result }) =>
            result ? [{ goal, state: result.state }] : [],
        );
        await this.policies?.analyzeStack(judged);
    }

    /** What the program asked for. */
    registeredResources(): RegisteredResource[] {
        return [...this.registered.values()].flatMap(({ goal, result }) =>
            result ? [asRegistered(goal, result.state)] : [],
        );
    }

    /** After the program has ended well: deletes what it did not register. */
    async finish(): Promise<void> {
        const { run } = this;
        const replaced = this.reconciler.replacedInPreview;
        const extra = replaced.map((row): Row => ({ ...row, state: { ...row.state, delete: true } }));
        const rows = run.store
            .ordered()
            .filter((row) => row.state.delete || !this.seen.has(row))
            .filter((row) => !replaced.includes(row));
        refuseProtected(run, rows);
        run.halt.rethrow();
        await deleteAll(run, this.executor, [...rows, ...extra]);
    }
}

function defaultProviderGoal(pkg: string, version: string, run: Run): Goal {
    const config = Object.entries(run.options.config).filter(([key]) => key.startsWith(`${pkg}:`));
    const inputs: PropertyMap = { __internal: {}, version };
    const secretKeys: string[] = [];
    for (const [key, { value, secret }] of config) {
        const name = key.slice(pkg.length + 1);
        inputs[name] = value;
        if (secret) secretKeys.push(name);
    }
    const name = `default_${version.replace(/[.+-]/g, "_")}`;
    return bareGoal(providerType(pkg), name, version, withSecretKeys(inputs, secretKeys));
}
