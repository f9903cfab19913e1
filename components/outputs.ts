/**
 * What a component registers of the handles that it exposes: what a state can hold, which a resource cannot. Each under
 * its property's name.
 */
import type * as pulumi from "@pulumi/pulumi";

import type { VolumeHandle, WorkloadHandle } from "./spec";

export function workloadOutputs({ name, hosts, ids }: WorkloadHandle) {
    return { name, hosts, ids };
}

export function volumeOutputs({ spec, id }: VolumeHandle) {
    return { name: spec.name, id };
}

/** URNs, by which a state knows resources. */
export function resourceOutputs(resources: pulumi.Resource[]): pulumi.Output<string>[] {
    return resources.map((resource) => resource.urn);
}
