import type { JobSpec, MountSpec } from "../../components/spec";
import type { ContainerSpec } from "./container";

/** A job in the workload's own image that gives `mounts` to its user. Only the directories: what is in them is its own already. */
export function ownershipSpec(spec: ContainerSpec, mounts: MountSpec[]): JobSpec {
    return {
        name: `${spec.name}-own`,
        component: "volume",
        image: spec.image,
        command: ["chown", spec.security.user, ...mounts.map((mount) => mount.path)],
        env: {},
        files: [],
        mounts: mounts.map((mount) => ({ ...mount, own: false })),
        tmpfs: [],
        resources: { cpuLimit: 0.5, cpuReservation: 0, memoryLimitMiB: 64, memoryReservationMiB: 16 },
        pidsLimit: 16,
        security: { user: "0:0", addCapabilities: ["CHOWN"], readOnlyRoot: true },
        segments: [],
        stopGraceSeconds: 1,
        logs: spec.logs,
        triggers: {},
        timeoutSeconds: 60,
    };
}
