/** Brings one resource to what the program wants of it. */
import { randomBytes } from "node:crypto";

import { difference, replaceFor, type Difference } from "./diff";
import type { Step } from "./events";
import type { Executor } from "./executor";
import type { Goal } from "./goal";
import { resetPaths } from "./paths";
import type { Policies } from "./policy";
import { equal, isBlank, plain, withSecretKeys, withSecretsOf } from "./properties";
import type { PropertyMap } from "./provider";
import { dependentReplacements } from "./replace";
import { isManaged, providerFor, type Run } from "./run";
import type { Row, State } from "./state/store";

const SEED_BYTES = 32;

export class Reconciler {
    /** Replaced ones that are still to be deleted: in a preview nothing in the state says so. */
    readonly replacedInPreview: Row[] = [];
    private readonly replaced = new Set<string>();
    /** Deleted ahead of time because they depend on something that is deleted before it is replaced. */
    private readonly deletedAhead = new Set<Row>();

    constructor(
        private readonly run: Run,
        private readonly executor: Executor,
        /** Rows that the program has registered again. */
        private readonly seen: Set<Row>,
        private readonly policies: Policies | undefined,
    ) {}

    /** @param wanted the resource as the program asks for it @param old as it is @returns the row that it now has */
    async bring(goal: Goal, wanted: State, old: Row | undefined): Promise<Row> {
        const seed = randomBytes(SEED_BYTES);
        // What was deleted ahead, was only read so far, or was cut off between delete and create begins anew.
        const fresh = !old || this.deletedAhead.has(old) || old.state.external || old.state.pendingReplacement;
        if (!fresh) wanted.inputs = resetPaths(old.state.inputs ?? {}, goal.inputs, goal.ignoreChanges);
        wanted.inputs = await this.check(wanted, wanted.inputs!, fresh ? undefined : old.state, seed);
        wanted.inputs = (await this.policies?.analyze(wanted, goal)) ?? wanted.inputs;
        const base = { urn: wanted.urn, type: wanted.type, provider: wanted.provider, new: wanted };
        if (!old) return this.executor.create({ op: "create", ...base });
        if (fresh) return this.replaceAfterDelete(base, old, replaceFor("dependency"));
        const found = this.isReplacedWith(wanted)
            ? replaceFor("deletedWith")
            : await difference(this.run, old.state, wanted);
        if (found.replace) return this.replace(goal, base, old, found);
        if (found.changed) return this.executor.update({ op: "update", ...base, old: old.state, ...shown(found) }, old);
        return this.same(base, old);
    }

    private isReplacedWith(wanted: State): boolean {
        return wanted.deletedWith !== undefined && this.replaced.has(wanted.deletedWith);
    }

    /** Validated and completed by the provider, with the marks of secrets that it does not know. */
    private async check(
        wanted: State,
        inputs: PropertyMap,
        old: State | undefined,
        seed: Buffer,
    ): Promise<PropertyMap> {
        if (!isManaged(wanted)) return inputs;
        const { provider, context } = providerFor(this.run, wanted, "create");
        const result = await provider.check(context, old && plain(old.inputs ?? {}), plain(inputs), seed);
        if (result.failures.length > 0) {
            throw new Error(
                result.failures
                    .map(({ property, reason }) => (property ? `${property}: ${reason}` : reason))
                    .join("\n"),
            );
        }
        // What is always secret in the outputs is so in the inputs of the same name.
        return withSecretKeys(withSecretsOf(result.inputs, inputs), provider.secretOutputs?.[wanted.type] ?? []);
    }

    private same(base: Omit<Step, "op"> & { new: State }, old: Row): Row {
        const { store, dryRun } = this.run;
        const before = old.state;
        const outputs = before.outputs && withSecretKeys(before.outputs, base.new.additionalSecretOutputs ?? []);
        const state = { ...base.new, id: before.id, outputs, modified: before.modified };
        this.executor.note({ op: "same", ...base, old: before, new: state });
        if (dryRun) return { id: old.id, state };
        return equal(withoutBlanks(before), withoutBlanks(state))
            ? old
            : store.commit({ put: [{ row: old, state }] })[0]!;
    }

    private async replace(
        goal: Goal,
        base: Omit<Step, "op"> & { new: State },
        old: Row,
        found: Difference,
    ): Promise<Row> {
        if (old.state.protect && base.new.protect) {
            throw new Error(
                `It is protected and would have to be replaced (${found.keys.join(", ")} changed). Undo the change, or set protect to false first.`,
            );
        }
        this.replaced.add(base.urn);
        // Automatic names are not kept from a resource that goes.
        base.new.inputs = await this.check(base.new, goal.inputs, undefined, randomBytes(SEED_BYTES));
        base.new.inputs = (await this.policies?.remediated(base.new, goal)) ?? base.new.inputs;
        const why = shown(found);
        if (goal.deleteBeforeReplace ?? found.deleteBeforeReplace) {
            const dependents = await dependentReplacements(this.run, old, (row) => !this.seen.has(row));
            for (const { row, keys } of [...dependents].reverse()) await this.deleteAhead(row, keys);
            await this.deleteAhead(old, found.keys);
            return this.replaceAfterDelete(base, old, found);
        }
        const before = old.state;
        const row = await this.executor.create(
            { op: "create-replacement", ...base, old: before, ...why },
            { put: [{ row: old, state: { ...before, delete: true } }] },
        );
        if (this.run.dryRun) this.replacedInPreview.push(old);
        this.seen.delete(old);
        this.executor.note({ op: "replace", ...base, old: { ...before, delete: true }, new: row.state, ...why });
        return row;
    }

    private async deleteAhead(row: Row, keys: string[]): Promise<void> {
        const { state } = row;
        if (state.protect)
            throw new Error(`${state.urn} is protected, but would have to be deleted to replace what it depends on.`);
        const step: Step & { old: State } = {
            op: "delete-replaced",
            urn: state.urn,
            type: state.type,
            provider: state.provider,
            old: state,
            keys,
        };
        // The row stays until there is a new resource: a run that is cut off here still knows that one is missing.
        await this.executor.delete(step, row, false, { ...state, pendingReplacement: true });
        this.deletedAhead.add(row);
    }

    private async replaceAfterDelete(
        base: Omit<Step, "op"> & { new: State },
        old: Row,
        found: Difference,
    ): Promise<Row> {
        this.replaced.add(base.urn);
        const why = shown(found);
        this.executor.note({ op: "replace", ...base, old: old.state, ...why });
        const row = await this.executor.create(
            { op: "create-replacement", ...base, old: old.state, ...why },
            { drop: [old] },
        );
        this.deletedAhead.delete(old);
        return row;
    }
}

function shown({ diffs, keys, detailedDiff }: Difference): Pick<Step, "diffs" | "keys" | "detailedDiff"> {
    return { diffs, keys, detailedDiff };
}

/** To be compared: what says nothing does not count. */
export function withoutBlanks(state: State): Record<string, unknown> {
    return Object.fromEntries(Object.entries(state).filter(([, value]) => !isBlank(value)));
}
