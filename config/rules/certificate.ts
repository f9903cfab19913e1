/** Rules on a given certificate: it, its key and the domain must belong together, or the edge serves nothing. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

import { CERTIFICATE_SECRETS } from "../types";
import { effective } from "../effective";
import type { RuleContext } from "./context";

const { certificate: CERTIFICATE, key: KEY } = CERTIFICATE_SECRETS;

export function certificate(context: RuleContext): void {
    const { input, problems } = context;
    if (effective(context, "tls.mode") !== "certificate") return;
    for (const name of [CERTIFICATE, KEY]) {
        const path = ["secrets", name];
        if (input.secrets?.[name] !== undefined || problems.touches(path)) continue;
        problems.add({
            path,
            rule: "is required with tls.mode certificate, as PEM text",
            remedy: `${problems.set(path, "")} < ${name === CERTIFICATE ? "fullchain.pem" : "privkey.pem"}`,
        });
    }
    const leaf = read(context, CERTIFICATE, "a certificate, its chain after it", (pem) => new X509Certificate(pem));
    const key = read(context, KEY, "a private key without a passphrase", (pem) => createPrivateKey(pem));
    if (leaf !== undefined) coversDomain(context, leaf);
    if (leaf !== undefined && key !== undefined) belongTogether(context, leaf, key);
}

function read<T>(
    { input, problems }: RuleContext,
    name: string,
    what: string,
    parse: (pem: string) => T,
): T | undefined {
    const pem = input.secrets?.[name];
    if (pem === undefined) return undefined;
    try {
        if (!pem.trimStart().startsWith("-----BEGIN ")) throw new Error("not PEM");
        return parse(pem);
    } catch {
        // OpenSSL's reason may quote the text, and says less than the rule.
        problems.add({ path: ["secrets", name], rule: `must be ${what}, as PEM text that starts with -----BEGIN` });
        return undefined;
    }
}

function coversDomain(context: RuleContext, leaf: X509Certificate): void {
    const domain = effective(context, "domain");
    if (domain === undefined) return;
    const subdomains = context.system.edge.routes.flatMap(({ subdomain }) =>
        subdomain ? [`${subdomain}.${domain}`] : [],
    );
    const missing = [domain, ...new Set(subdomains)].filter((name) => leaf.checkHost(name) === undefined);
    if (missing.length === 0) return;
    context.problems.add({
        path: ["secrets", CERTIFICATE],
        rule: `must be issued for every host name of the edge; it is not for ${missing.join(", ")}`,
    });
}

function belongTogether({ problems }: RuleContext, leaf: X509Certificate, key: KeyObject): void {
    if (leaf.checkPrivateKey(key)) return;
    problems.add({
        path: ["secrets", KEY],
        rule: `must be the key of ${CERTIFICATE}; it belongs to another`,
    });
}
