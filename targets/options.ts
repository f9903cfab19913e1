/** Resource options that are put together from others. */
import type * as pulumi from "@pulumi/pulumi";

/** How long a run waits for a resource. */
export function timeouts(seconds: number): pulumi.CustomResourceOptions {
    return { customTimeouts: { create: `${seconds}s`, update: `${seconds}s` } };
}

/** The same options with more to wait for. */
export function after(opts: pulumi.CustomResourceOptions, resources: pulumi.Resource[]): pulumi.CustomResourceOptions {
    const given = opts.dependsOn === undefined ? [] : [opts.dependsOn].flat();
    return { ...opts, dependsOn: [...(given as pulumi.Resource[]), ...resources] };
}
