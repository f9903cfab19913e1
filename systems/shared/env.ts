/** Short ways to write a document's tables of variables. */
import type { EnvVar, PerEnvironment } from "../types";

interface Facts {
    /** The document marks it as required. */
    required?: boolean;
    /** The document's default. */
    documentDefault?: string;
    /** What the stack sets; one text for every environment, or one for each. */
    value?: string | PerEnvironment<string>;
}

export function env(name: string, description: string, facts: Facts = {}): EnvVar {
    const { required = false, documentDefault, value } = facts;
    return {
        name,
        required,
        ...(documentDefault !== undefined && { documentDefault }),
        ...(value !== undefined && { value: typeof value === "string" ? { default: value } : value }),
        description,
    };
}

/** `development` in dev; staging runs what prod runs. */
export const NODE_ENV_VALUE: PerEnvironment<string> = { default: "production", dev: "development" };
