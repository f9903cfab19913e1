import type { ContainerSpec, JobSpec, MountSpec } from "../../components/spec";

/**
 * Gives each directory to `$1`, once. The mark says to whom it was given, and keeps the volume from being empty: Docker copies what
 * an image has at the mount point, its owner included, into an empty volume each time that one is mounted.
 */
const TAKE_OVER = `
user=$1
shift
for directory; do
    mark=$directory/.groundwork-owner
    [ "$(cat "$mark" 2>/dev/null)" = "$user" ] && continue
    chown -R "$user" "$directory"
    echo "$user" >"$mark"
done
`.trim();

/** A job in the workload's own image that gives `mounts` to its user. */
export function ownershipSpec(spec: ContainerSpec, mounts: MountSpec[]): JobSpec {
    return {
        name: `${spec.name}-own`,
        component: "volume",
        image: spec.image,
        command: ["/bin/sh", "-ec", TAKE_OVER, "sh", spec.security.user, ...mounts.map((mount) => mount.path)],
        env: {},
        files: [],
        mounts: mounts.map((mount) => ({ ...mount, own: false })),
        tmpfs: [],
        resources: { cpuLimit: 0.5, cpuReservation: 0, memoryLimitMiB: 64, memoryReservationMiB: 16 },
        pidsLimit: 16,
        // CHOWN to give, DAC_OVERRIDE to reach what another user has closed to everybody else.
        security: { user: "0:0", addCapabilities: ["CHOWN", "DAC_OVERRIDE"], readOnlyRoot: true },
        segments: [],
        stopGraceSeconds: 1,
        logs: spec.logs,
        triggers: {},
        timeoutSeconds: 600,
    };
}
