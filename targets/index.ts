import type { StackConfig } from "../config/types";
import type * as Docker from "./docker";
import type * as Kubernetes from "./kubernetes";
import type { StackIdentity, Target } from "./target";

/** Loads the one that the stack is on: the other's provider package would cost every run its time for nothing. */
export function targetOf(config: StackConfig, identity: StackIdentity): Target {
    switch (config.target) {
        case "docker": {
            const { DockerTarget } = load<typeof Docker>("./docker");
            return new DockerTarget(identity, { host: config.docker.host, protect: config.protect });
        }
        case "kubernetes": {
            const { KubernetesTarget } = load<typeof Kubernetes>("./kubernetes");
            return new KubernetesTarget(identity, { ...config.kubernetes, protect: config.protect });
        }
    }
}

/** At once, as an `import()` would not be: a program has registered everything when its last line has run. */
function load<T>(path: "./docker" | "./kubernetes"): T {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(path) as T;
}
