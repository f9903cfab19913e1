/** Rules on `secrets`. No rule, value or remedy here ever holds any part of a secret. */
import type { Secret, SecretShape } from "../../systems/types";
import { hint } from "../suggest";
import { CERTIFICATE_SECRETS } from "../types";
import type { RuleContext } from "./context";
import { keepsSecretsElsewhere } from "./external-secrets";

const TLS_SECRETS: readonly string[] = Object.values(CERTIFICATE_SECRETS);

export function secrets(context: RuleContext): void {
    const { system, input, problems } = context;
    const known = new Map(system.secrets.map((secret) => [secret.name, secret]));
    for (const [name, value] of Object.entries(input.secrets ?? {})) {
        const path = ["secrets", name];
        const secret = known.get(name);
        if (secret === undefined) {
            if (TLS_SECRETS.includes(name) || problems.touches(path)) continue;
            problems.add({
                path,
                rule: `is not a secret of ${system.key}. ${hint(name, [...known.keys(), ...TLS_SECRETS])}`,
                remedy: problems.remove(path),
            });
            continue;
        }
        const rule = shapeProblem(secret.shape, value);
        if (rule !== undefined) problems.add({ path, rule, remedy: generator(context, secret) });
    }
}

/** What only an outsider can issue must be given; dev runs with a placeholder. */
export function requiredSecrets(context: RuleContext): void {
    const { system, environment, input, problems } = context;
    if (environment === "dev" || keepsSecretsElsewhere(context)) return;
    const given = new Set(Object.keys(input.secrets ?? {}));
    for (const secret of system.secrets) {
        const path = ["secrets", secret.name];
        const alternatives = secret.alternatives ?? [];
        const covered = given.has(secret.name) || alternatives.some((name) => given.has(name));
        if (!secret.required || secret.shape.kind !== "given" || covered || problems.touches(path)) continue;
        // One complaint for the whole group, at the first that the document names.
        const first = system.secrets.find(({ name }) => name === secret.name || alternatives.includes(name));
        if (first !== secret) continue;
        const instead = alternatives.length === 0 ? "" : `, or ${alternatives.join(" or ")} instead`;
        problems.add({
            path,
            rule: `is required in ${environment}${instead}: nobody but you has it (${secret.description})`,
            remedy: problems.set(path, ""),
        });
    }
}

/** With `--secret` the value is encrypted in the stack file; Pulumi says which keys were. */
export function secretsAreEncrypted({ input, problems }: RuleContext): void {
    const { secretKeys } = problems.context;
    if (secretKeys === undefined || Object.keys(input.secrets ?? {}).length === 0) return;
    if ([...secretKeys].includes("groundwork:secrets")) return;
    for (const name of Object.keys(input.secrets ?? {})) {
        const path = ["secrets", name];
        problems.add({
            path,
            rule: "must be set with --secret: it stands in the stack file as plain text, so take it for known and issue a new one",
            remedy: problems.set(path, ""),
        });
    }
}

function shapeProblem(shape: SecretShape, value: string): string | undefined {
    if (/[^\P{Cc}\t\n\r]/u.test(value)) return "must not hold control characters";
    if (value.trim() !== value && !value.startsWith("-----BEGIN")) return "must not begin or end with white space";
    switch (shape.kind) {
        case "base64":
            return isBase64Of(value, shape.bytes)
                ? undefined
                : `must be standard base64 of exactly ${shape.bytes} bytes (${4 * Math.ceil(shape.bytes / 3)} characters)`;
        case "alphanumeric":
            return /^[A-Za-z0-9]*$/.test(value) && value.length >= shape.length && value.length <= 1024
                ? undefined
                : `must be at least ${shape.length} characters of A-Z, a-z and 0-9, and at most 1024`;
        case "given":
            return value === shape.example || /^<.*>$/.test(value)
                ? "is the document's example, not a value"
                : undefined;
        case "derived":
            return undefined;
    }
}

/** Buffer skips what is not base64, so what it read is written again and compared. */
function isBase64Of(value: string, bytes: number): boolean {
    const decoded = Buffer.from(value, "base64");
    return decoded.length === bytes && decoded.toString("base64") === value;
}

function generator({ problems }: RuleContext, { name, shape }: Secret): string {
    const set = problems.set(["secrets", name], "");
    if (shape.kind === "base64") return `openssl rand -base64 ${shape.bytes} | tr -d '\\n' | ${set}`;
    if (shape.kind === "alphanumeric") {
        return `openssl rand -hex ${Math.ceil(shape.length / 2)} | tr -d '\\n' | ${set}`;
    }
    return set;
}
