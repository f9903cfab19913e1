/** Kubernetes objects for specifications: short to write, and as they come from a source. */
import type { Raw } from "../../../policies/core/raw";
import { resource, type Resource } from "../../../policies/core/resource";
import { tokenOf } from "../../../policies/kubernetes/objects";
import { kubernetesName } from "../../../policies/sources/pulumi";

export function object(apiVersion: string, kind: string, more: Raw = {}): Resource {
    const props = { apiVersion, kind, metadata: { name: "it", namespace: "shop" }, ...more };
    return resource({ type: tokenOf(apiVersion, kind), name: kubernetesName(kind, props, "it"), props });
}

/** A pod with one container, `app`. */
export function pod(spec: Raw = {}, metadata: Raw = {}): Resource {
    return object("v1", "Pod", {
        metadata: { name: "it", namespace: "shop", ...metadata },
        spec: { containers: [{ name: "app" }], ...spec },
    });
}

/** A pod whose one container has these properties. */
export function container(properties: Raw, spec: Raw = {}): Resource {
    return pod({ containers: [{ name: "app", ...properties }], ...spec });
}

/** A pod whose one container has this security context. */
export function securityContext(properties: Raw, spec: Raw = {}): Resource {
    return container({ securityContext: properties }, spec);
}

/** A Deployment of a pod. */
export function deployment(spec: Raw = {}, metadata: Raw = {}): Resource {
    return object("apps/v1", "Deployment", {
        spec: {
            selector: { matchLabels: { app: "it" } },
            template: {
                metadata: { labels: { app: "it" }, ...metadata },
                spec: { containers: [{ name: "app" }], ...spec },
            },
        },
    });
}
