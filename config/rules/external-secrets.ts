/** Rules on secrets that External Secrets makes from another store. */
import { hint } from "../suggest";
import { effective } from "../effective";
import type { RuleContext } from "./context";

const PATH = ["kubernetes", "externalSecrets"];

/** Whether the system's secrets are somewhere else than in the stack file and its state. */
export function keepsSecretsElsewhere(context: RuleContext): boolean {
    return effective(context, "target") === "kubernetes" && context.input.kubernetes?.externalSecrets !== undefined;
}

export function externalSecrets(context: RuleContext): void {
    const { input, problems } = context;
    const said = input.kubernetes?.externalSecrets;
    if (said === undefined || !keepsSecretsElsewhere(context)) return;
    const name = [...PATH, "store", "name"];
    if (said.store?.name === undefined && !problems.touches(name)) {
        problems.add({
            path: name,
            rule: "is required with kubernetes.externalSecrets: somebody must have the secrets",
            remedy: problems.set(name, "aws-secrets-manager"),
        });
    }
    if (said.remoteKey !== undefined && !`${said.remoteKey}${said.remoteProperty ?? ""}`.includes("{name}")) {
        problems.add({
            path: [...PATH, "remoteKey"],
            value: said.remoteKey,
            rule: "must hold {name}, or kubernetes.externalSecrets.remoteProperty must: every secret would be the same",
            remedy: problems.set([...PATH, "remoteProperty"], "{name}"),
        });
    }
    if (said.refreshInterval !== undefined && (said.refreshPolicy ?? "Periodic") !== "Periodic") {
        problems.add({
            path: [...PATH, "refreshInterval"],
            value: said.refreshInterval,
            rule: `has no meaning with refreshPolicy ${said.refreshPolicy}`,
            remedy: problems.remove([...PATH, "refreshInterval"]),
        });
    }
    included(context, said.include ?? []);
    givenTwice(context);
}

function included({ system, problems }: RuleContext, names: string[]): void {
    const known = system.secrets.map(({ name }) => name);
    const path = [...PATH, "include"];
    for (const [at, name] of names.entries()) {
        if (known.includes(name)) continue;
        problems.add({
            path: [...path, at],
            value: name,
            rule: `is not a secret of ${system.key}. ${hint(name, known)}`,
        });
    }
    const told = new Set<string>();
    for (const { name, required, alternatives = [] } of system.secrets) {
        const group = [name, ...alternatives];
        if (!required || alternatives.length === 0 || group.some((each) => names.includes(each) || told.has(each)))
            continue;
        told.add(name);
        problems.add({
            path,
            rule: `must have ${group.join(" or ")}: ${system.key} cannot be without one of them, and the store is asked for those alone that it has`,
            remedy: problems.set([...path, names.length], name),
        });
    }
}

/** What is in the stack file would be passed over. The edge's certificate is not the system's, and stays there. */
function givenTwice({ system, input, problems }: RuleContext): void {
    for (const { name } of system.secrets) {
        const path = ["secrets", name];
        if (input.secrets?.[name] === undefined || problems.touches(path)) continue;
        problems.add({
            path,
            rule: "has no meaning with kubernetes.externalSecrets: the store there has it",
            remedy: problems.remove(path),
        });
    }
}
