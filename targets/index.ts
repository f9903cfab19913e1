import type { StackConfig } from "../config/types";
import type * as Docker from "./docker";
import type * as Kubernetes from "./kubernetes";
import type { StackIdentity, Target } from "./target";

/**
 * Loads the one that the stack is on: the other's code and provider package would cost every run their time for nothing. At once, as an
 * `import()` would not be: a program has registered everything when its last line has run.
 */
export function targetOf(config: StackConfig, identity: StackIdentity): Target {
    switch (config.target) {
        case "docker": {
            // eslint-disable-next-line @typescript-eslint/no-require-imports
            const { DockerTarget } = require("./docker") as typeof Docker;
            return new DockerTarget(identity, { host: config.docker.host, protect: config.protect });
        }
        case "kubernetes": {
            // eslint-disable-next-line @typescript-eslint/no-require-imports
            const { KubernetesTarget } = require("./kubernetes") as typeof Kubernetes;
            return new KubernetesTarget(identity, { ...config.kubernetes, protect: config.protect });
        }
    }
}
