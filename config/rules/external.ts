/** Rules on stores that the stack does not run itself. They see the system as its document has it, before `withStores`. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

import { POSTGRES_CA } from "../../systems/external";
import { STORE_PASSWORDS } from "../../systems/types";
import { effective } from "../effective";
import type { RuleContext } from "./context";
import { keepsSecretsElsewhere } from "./external-secrets";
import { operated } from "./operator";

const CHOICES = ["postgres", "redis"] as const;
type Choice = (typeof CHOICES)[number];

/** Keys of `stores.postgres` that are for an operator; the others are for whoever runs it elsewhere. */
const OF_OPERATOR = ["instances", "apiServer", "operatorNamespace"];

/** Why what the stack says of a store that it runs itself would say nothing. */
const OWNERS = "somebody else runs it, with stores.%s.mode external: whoever does decides";

export function externalStores(context: RuleContext): void {
    for (const name of Object.keys(context.input.stores ?? {})) offered(context, name);
    for (const name of CHOICES) {
        const said = context.input.stores?.[name];
        if (said === undefined || context.system.stores[name] === undefined) continue;
        const mode = effective(context, `stores.${name}.mode`)!;
        inVain(context, name, said, mode);
        if (mode === "external") external(context, name);
        if (mode === "operator") operated(context);
    }
    // A choice that means nothing here is told of above, and nothing more of it.
    postgresTls(context);
}

/** Chosen for a store that the system has not, it would say nothing. */
function offered({ system, problems }: RuleContext, name: string): void {
    if (name in system.stores || problems.touches(["stores", name])) return;
    problems.add({
        path: ["stores", name],
        rule: `has no meaning here: ${system.key} runs on ${Object.keys(system.stores).join(" and ")}`,
        remedy: problems.remove(["stores", name]),
    });
}

/** What is said for another mode than the one that the store is in. Whoever has chosen none may have forgotten to. */
function inVain({ problems }: RuleContext, name: Choice, said: object, mode: string): void {
    for (const [key, value] of Object.entries(said)) {
        const path = ["stores", name, key];
        const meant = OF_OPERATOR.includes(key) ? "operator" : "external";
        if (key === "mode" || meant === mode || problems.touches(path)) continue;
        problems.add({
            path,
            value,
            rule: `has no meaning unless stores.${name}.mode is ${meant}`,
            remedy: mode === "container" ? problems.set(["stores", name, "mode"], meant) : problems.remove(path),
        });
    }
}

function external(context: RuleContext, name: Choice): void {
    whereItIs(context, name);
    whatIsItsOwners(context, name);
    const path = ["secrets", STORE_PASSWORDS[name]];
    if (keepsSecretsElsewhere(context)) return;
    if (context.input.secrets?.[STORE_PASSWORDS[name]] !== undefined || context.problems.touches(path)) return;
    context.problems.add({
        path,
        rule: `is required with stores.${name}.mode external, in every environment: nobody but you has it`,
        remedy: context.problems.set(path, ""),
    });
}

function whereItIs(context: RuleContext, name: Choice): void {
    const { problems, input } = context;
    const { host, addresses } = input.stores?.[name] ?? {};
    const path = (key: string) => ["stores", name, key];
    const onKubernetes = effective(context, "target") === "kubernetes";
    if (host === undefined && !problems.touches(path("host"))) {
        problems.add({
            path: path("host"),
            rule: `is required with stores.${name}.mode external`,
            remedy: problems.set(path("host"), name === "postgres" ? "db.example.com" : "cache.example.com"),
        });
    }
    if (problems.touches(path("addresses"))) return;
    if (onKubernetes && addresses === undefined && host !== undefined && isIP(host) === 0) {
        problems.add({
            path: path("addresses"),
            rule: `is required on kubernetes where stores.${name}.host is a name: network policies know addresses only, and everything else is denied`,
            remedy: problems.set([...path("addresses"), 0], "10.0.12.0/24"),
        });
    }
    if (!onKubernetes && addresses !== undefined) {
        problems.add({
            path: path("addresses"),
            rule: "has no meaning with target docker, whose networks do not filter by address",
            remedy: problems.remove(path("addresses")),
        });
    }
}

/** Size, limits and the like of a container and a volume that are not made. */
function whatIsItsOwners({ system, input, problems }: RuleContext, name: Choice): void {
    const { volume } = system.stores[name]!;
    for (const path of [
        ["services", name],
        ["volumes", volume],
    ]) {
        const [section, key] = path as ["services" | "volumes", string];
        if (input[section]?.[key] === undefined || problems.touches(path)) continue;
        problems.add({
            path,
            rule: `has no meaning: ${OWNERS.replace("%s", name)}`,
            remedy: problems.remove(path),
        });
    }
}

function postgresTls(context: RuleContext): void {
    const { system, input, problems } = context;
    const path = ["stores", "postgres", "tls"];
    const tls = effective(context, "stores.postgres.tls");
    const isExternal = effective(context, "stores.postgres.mode") === "external";
    if (system.stores.postgres === undefined || !isExternal || problems.touches(path)) return;
    if (tls === "disable" && system.stores.postgres.tls !== undefined) {
        problems.add({
            path,
            value: tls,
            rule: `must be require or verify-full: the document of ${system.key} asks for encrypted connections`,
            remedy: problems.set(path, "verify-full"),
        });
    }
    const certificate = input.secrets?.[POSTGRES_CA];
    if (tls === "verify-full") verifiable(context, certificate);
    else if (certificate !== undefined) {
        problems.add({
            path: ["secrets", POSTGRES_CA],
            rule: `has no meaning with stores.postgres.tls ${String(tls)}: nobody is verified by it`,
            remedy: problems.set(path, "verify-full"),
        });
    }
}

function verifiable(context: RuleContext, certificate: string | undefined): void {
    const { problems } = context;
    const path = ["secrets", POSTGRES_CA];
    const remedy = problems.set(path, "");
    if (certificate === undefined && !keepsSecretsElsewhere(context)) {
        const rule =
            "is required with stores.postgres.tls verify-full: the certificates, in PEM, of those who may vouch for the server. stores.postgres.tls require encrypts without";
        problems.add({ path, rule, remedy });
    } else if (certificate !== undefined && !isCertificate(certificate)) {
        problems.add({
            path,
            rule: "must be certificates in PEM, -----BEGIN CERTIFICATE----- and what follows",
            remedy,
        });
    }
}

function isCertificate(pem: string): boolean {
    try {
        return new X509Certificate(pem).raw.length > 0;
    } catch {
        return false;
    }
}
