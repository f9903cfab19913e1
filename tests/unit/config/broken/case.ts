/** What a config that must be refused is made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DEV, PROD, type Values } from "../fixture";

export interface Broken {
    what: string;
    values: Values;
    key: string;
    rule: string;
    /** Also expected in the message: a suggestion, a value, a command. */
    also?: string[];
}

const TLS = join(__dirname, "../../../fixtures/tls");
export const pem = (name: string) => readFileSync(join(TLS, name), "utf8");

export const KEY = Buffer.alloc(32, 7).toString("base64");

export function dev(what: string, said: Values, key: string, rule: string, ...also: string[]): Broken {
    return { what, values: { ...DEV, ...said }, key: `groundwork:${key}`, rule, also };
}

export function prod(what: string, said: Values, key: string, rule: string, ...also: string[]): Broken {
    return { what, values: { ...PROD, ...said }, key: `groundwork:${key}`, rule, also };
}

export const api = (said: unknown) => ({ services: { api: said } });
export const resources = (said: Values) => api({ resources: said });
export const env = (said: Values) => api({ env: said });
export const secrets = (said: Values) => ({ secrets: said });
export const tls = (said: Values, cert: Values = {}) => ({
    tls: said,
    secrets: { ...(PROD.secrets as Values), ...cert },
});
export const without = (values: Values, key: string) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
