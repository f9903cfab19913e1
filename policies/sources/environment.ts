/** Which environment a stack is in, asked before anything of it is seen. */
import { Config } from "@pulumi/pulumi";

import { type Environment, ENVIRONMENTS } from "../core/rule";

/** What decides where the stack's own configuration says nothing, as with a stack that Groundwork did not make. */
const VARIABLE = "GROUNDWORK_ENVIRONMENT";

/**
 * Pulumi gives a pack the stack's configuration. Without one, and without the variable, it is prod, the strictest.
 * @throws Error for an environment that does not exist
 */
export function environmentOf(): Environment {
    const said = new Config("groundwork").get("environment") ?? process.env[VARIABLE] ?? "prod";
    const environment = ENVIRONMENTS.find((known) => known === said);
    if (!environment)
        throw new Error(
            `No environment "${said}": groundwork:environment, or ${VARIABLE}, must be one of ${ENVIRONMENTS.join(", ")}.`,
        );
    return environment;
}
