/** A system's secrets: where each comes from in a stack, and what is made of others. */
import type { StackConfig } from "../../config/types";
import { storeAddresses } from "../../systems/external";
import { certainSecrets, REPLICA, type Secret, type System } from "../../systems/types";
import { hasReplica } from "./postgres";

/** Where a secret's value comes from; absent where an optional one is not given. */
export type SecretSource = "given" | "generated" | "derived" | "placeholder" | "external" | "absent";

/** A system's secrets, with where its stores answer filled into what is made of them. */
export function resolveSecrets({ secrets, stores }: System): Secret[] {
    return secrets.map((secret) =>
        secret.shape.kind === "derived"
            ? { ...secret, shape: { ...secret.shape, template: storeAddresses(secret.shape.template, stores) } }
            : secret,
    );
}

/** Where each of a system's secrets comes from in a stack. A placeholder stands for a required one only in dev. */
export function secretSources(system: System, config: StackConfig): Record<string, SecretSource> {
    const given = new Set(config.givenSecrets);
    const kept = externalSecrets(system, config);
    return Object.fromEntries(
        system.secrets.map((secret): [string, SecretSource] => {
            if (secret.onlyWith === REPLICA && !hasReplica(system, config) && !given.has(secret.name)) {
                return [secret.name, "absent"];
            }
            if (kept) {
                const other = secret.shape.kind === "derived" ? "derived" : "absent";
                return [secret.name, kept.has(secret.name) ? "external" : other];
            }
            if (given.has(secret.name)) {
                return [secret.name, "given"];
            }
            switch (secret.shape.kind) {
                case "derived":
                    return [secret.name, "derived"];
                case "given": {
                    const alternative = (secret.alternatives ?? []).some((name) => given.has(name));
                    const needed = secret.required && !alternative && config.environment === "dev";
                    return [secret.name, needed ? "placeholder" : "absent"];
                }
                default:
                    return [secret.name, "generated"];
            }
        }),
    );
}

/** Names of the secrets that something beside the stack keeps; undefined where the stack does. */
function externalSecrets(
    system: System,
    { target, kubernetes }: Pick<StackConfig, "target" | "kubernetes">,
): Set<string> | undefined {
    if (target !== "kubernetes" || !kubernetes.externalSecrets) {
        return undefined;
    }
    return new Set([...certainSecrets(system).map(({ name }) => name), ...kubernetes.externalSecrets.include]);
}
