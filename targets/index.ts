import { RunError } from "@pulumi/pulumi";

import type { StackConfig } from "../config/types";
import { DockerTarget } from "./docker";
import type { StackIdentity, Target } from "./target";

/** @throws RunError, which is shown without a stack trace, for a target that this version has not */
export function targetOf(config: StackConfig, identity: StackIdentity): Target {
    switch (config.target) {
        case "docker":
            return new DockerTarget(identity, { host: config.docker.host, protect: config.protect });
        case "kubernetes":
            throw new RunError(
                "groundwork:target: this version has no Kubernetes target yet. Set it to docker: pulumi config set groundwork:target docker",
            );
    }
}
