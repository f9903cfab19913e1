import type { StackIdentity } from "../target";

/** How the names of labels begin. */
export const LABEL_PREFIX = "dev.groundwork.";

export type Labels = Record<string, string>;

/** What never changes while the stack lives, so that nothing is replaced for its label's sake. */
export function stackLabels(identity: StackIdentity, component: string): Labels {
    return {
        component,
        environment: identity.environment,
        stack: identity.stack,
        system: identity.system,
    };
}

export function containerLabels(identity: StackIdentity, component: string, service: string, replica: number): Labels {
    return {
        ...stackLabels(identity, component),
        replica: String(replica),
        service,
        version: identity.version,
    };
}
