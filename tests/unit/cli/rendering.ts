/** Resources of a state, and what is rendered of them. */
import { manifestsOf } from "../../../packages/cli/src/render/manifests";
import type { ResourceState } from "../../../packages/engine/src/api";

export function resource(
    kind: string,
    name: string,
    inputs: object = {},
    more: Partial<ResourceState> = {},
): ResourceState {
    const metadata = { name, namespace: "gw-dev" };
    return {
        urn: `urn:pulumi:dev::groundwork::kubernetes:core/v1:${kind}::${name}`,
        type: `kubernetes:core/v1:${kind}`,
        custom: true,
        inputs: { apiVersion: "v1", kind, metadata, ...inputs },
        ...more,
    };
}

export function objects(resources: ResourceState[], withSecrets = false, given: string[] = []) {
    return manifestsOf(resources, { withSecrets, given });
}
