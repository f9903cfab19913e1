/** What bounds a stack as a whole: its namespace's level of security, its quota, and whose pods go first when a node is full. */
import type { core } from "@pulumi/kubernetes/types/input";

import type { Environment } from "../../systems/types";
import { cpu, mebibytes } from "./format";
import type { Labels } from "./labels";
import { ephemeralMiB, type Sized } from "./pod";

/**
 * Version of the Pod Security standard that is enforced: a newer cluster may ask for more, which is then decided here and
 * not by an upgrade.
 */
const POD_SECURITY_VERSION = "v1.34";

export function podSecurityLabels(): Labels {
    return Object.fromEntries(
        ["enforce", "audit", "warn"].flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, "restricted"],
            [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
        ]),
    ) as Labels;
}

/** For a container that says nothing itself, such as one that is started by hand to look at something. */
export const CONTAINER_DEFAULTS: core.v1.LimitRangeSpec = {
    limits: [
        {
            type: "Container",
            default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
            defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
        },
    ],
};

/**
 * cert-manager's pod that answers an authority: what it asks for unless its controller is told otherwise, and the
 * container's defaults above.
 */
export const ACME_SOLVER: Sized = {
    resources: { cpuReservation: 0.01, cpuLimit: 0.1, memoryReservationMiB: 64, memoryLimitMiB: 64 },
    logs: { maxFileMiB: 0, maxFiles: 0 },
    scratchMiB: 960,
};

export type PriorityTier = "stores" | "services";

/** Prod's pods before staging's before dev's where they share a cluster, and in each the stores before what needs them. */
export function priority(environment: Environment, tier: PriorityTier): { value: number; preemptionPolicy: string } {
    const base = { dev: 100_000, staging: 200_000, prod: 300_000 }[environment];
    return {
        value: base + { stores: 2_000, services: 1_000 }[tier],
        preemptionPolicy: environment === "dev" ? "Never" : "PreemptLowerPriority",
    };
}

/** Adds up what a stack asks for, so that a quota can hold it to that. */
export class Demand {
    private pods = 0;
    private readonly requests = { cores: 0, memoryMiB: 0, ephemeralMiB: 0 };
    private readonly limits = { cores: 0, memoryMiB: 0, ephemeralMiB: 0 };

    /** @param count Most pods of it at once, those included that come before others go */
    addPods(spec: Sized, count: number): void {
        const { resources } = spec;
        const ephemeral = ephemeralMiB(spec);
        this.pods += count;
        this.requests.cores += count * resources.cpuReservation;
        this.requests.memoryMiB += count * resources.memoryReservationMiB;
        this.requests.ephemeralMiB += count * ephemeral.request;
        this.limits.cores += count * resources.cpuLimit;
        this.limits.memoryMiB += count * resources.memoryLimitMiB;
        this.limits.ephemeralMiB += count * ephemeral.limit;
    }

    /**
     * The quota of pods alone: a controller that is refused one asks again, and has it when the quota has grown with the
     * stack. A claim that is refused, a new one or one that grows, fails the run, which changes claims and quota at once;
     * and no pod can make one.
     */
    quota(): Record<string, string> {
        return {
            "limits.cpu": cpu(this.limits.cores),
            "limits.ephemeral-storage": mebibytes(this.limits.ephemeralMiB),
            "limits.memory": mebibytes(this.limits.memoryMiB),
            pods: String(this.pods),
            "requests.cpu": cpu(this.requests.cores),
            "requests.ephemeral-storage": mebibytes(this.requests.ephemeralMiB),
            "requests.memory": mebibytes(this.requests.memoryMiB),
        };
    }
}
