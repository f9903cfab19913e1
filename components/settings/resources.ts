import type { StackConfig } from "../../config/types";
import { inEnvironment, type PerEnvironment, type Resources } from "../../systems/types";

/** Limits and reservations: the system's for this environment, but for what the stack says differently. */
export function resolveResources(
    resources: PerEnvironment<Resources>,
    overrides: Partial<Resources> | undefined,
    config: Pick<StackConfig, "environment">,
): Resources {
    return { ...inEnvironment(resources, config.environment), ...overrides };
}
