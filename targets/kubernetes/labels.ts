import type * as pulumi from "@pulumi/pulumi";

import type { StackIdentity } from "../target";

/** How the names of labels and annotations begin. */
export const LABEL_PREFIX = "dev.groundwork/";

export type Labels = Record<string, string>;

/** Names and labels by which an object is known. */
export interface ObjectMetadata {
    name: string;
    namespace: pulumi.Input<string>;
    labels: Labels;
}

/** Labels by which Services, controllers and policies find a workload's pods: never another value while it lives. */
export function selector(identity: StackIdentity, name: string): Labels {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": identity.prefix };
}

/** Labels of a pod: nothing that changes with a release of Groundwork, which is no reason to restart a database. */
export function podLabels(identity: StackIdentity, name: string, component: string): Labels {
    return {
        ...selector(identity, name),
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/part-of": identity.system,
        "app.kubernetes.io/managed-by": "groundwork",
        [`${LABEL_PREFIX}environment`]: identity.environment,
        [`${LABEL_PREFIX}stack`]: identity.stack,
        [`${LABEL_PREFIX}system`]: identity.system,
    };
}

/** Labels of every object that Groundwork makes. */
export function objectLabels(identity: StackIdentity, name: string, component: string): Labels {
    return { ...podLabels(identity, name, component), "app.kubernetes.io/version": identity.version };
}

/** Label of every pod that mounts a volume, so that another one can be placed beside it. */
export function volumeLabel(volume: string): string {
    return `volume.${LABEL_PREFIX}${volume}`;
}

/** A hash of what a job is to run again for. */
export const TRIGGERS_ANNOTATION = `${LABEL_PREFIX}triggers`;

/** Annotation for the Pulumi provider: the object is done when it is made. */
export const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };

/**
 * Annotation for the Pulumi provider: a Job that failed is made anew by the next run, which would wait for the failed one
 * otherwise.
 */
export const REPLACE_UNREADY = { "pulumi.com/replaceUnready": "true" };
