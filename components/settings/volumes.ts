import type { StackConfig } from "../../config/types";
import { inEnvironment, type System } from "../../systems/types";
import type { VolumeSpec } from "../spec";

/**
 * A volume with the size that the stack gives it, or else the system.
 * @throws when the system has no such volume
 */
export function resolveVolume(
    name: string,
    system: System,
    config: Pick<StackConfig, "environment" | "volumes">,
): VolumeSpec {
    const volume = system.volumes.find((v) => v.name === name);
    if (!volume) {
        throw new Error(`System "${system.key}" mounts the volume "${name}", which is not in its volumes.`);
    }
    return {
        name,
        sizeMiB: config.volumes[name]?.sizeMiB ?? inEnvironment(volume.size, config.environment),
        stateful: volume.stateful,
        shared: volume.shared,
        ...(volume.oneHost && { oneHost: true }),
    };
}
