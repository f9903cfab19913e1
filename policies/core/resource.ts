/** What a source found, and what every rule starts from: it does not say where it came from. */
import type { Raw } from "./raw";
import { guarded } from "./unknown";
import type { Waivers } from "./waivers";

export interface Location {
    /** Path of the file, as it was given. */
    file: string;
    /** From 1. */
    line: number;
}

/** What Pulumi is told about a resource beside its properties. */
export interface ResourceOptions {
    /** Cannot be deleted. */
    protect?: boolean;
    /** Stays when it leaves the stack. */
    retainOnDelete?: boolean;
    /** URN of the component that it belongs to. */
    parent?: string;
    /** Properties whose changes are not applied. */
    ignoreChanges?: string[];
    /** By property: URNs of the resources whose outputs it is made of. */
    comesFrom?: Readonly<Record<string, readonly string[]>>;
}

export interface Resource {
    /** Pulumi's token: `kubernetes:apps/v1:Deployment`. A file's object has the one that it would have in a stack. */
    readonly type: string;
    /** What results call it, and waivers: `Deployment/shop/api`, `Container/api`. */
    readonly name: string;
    /** In a stack. */
    readonly urn?: string;
    /** Its inputs. Reading an unknown throws. */
    readonly props: Raw;
    readonly options: ResourceOptions;
    /** In a file: where a property is, or what is nearest to it. */
    readonly locate?: (path: string) => Location | undefined;
    /** Where it was translated: what a property is called where it was written. */
    readonly written?: (path: string) => string;
}

/** All resources that are judged together: a stack's, or those of one directory. */
export interface Stack {
    readonly resources: readonly Resource[];
    /** What of them is kept on purpose. */
    readonly waivers?: Waivers;
}

export function resource(from: {
    type: string;
    props: Raw;
    name: string;
    urn?: string;
    options?: ResourceOptions;
    locate?: (path: string) => Location | undefined;
    written?: (path: string) => string;
}): Resource {
    return { ...from, options: from.options ?? {}, props: guarded(from.props) };
}

/** A property as results name it. */
export function writtenPath(resource: Resource | undefined, path: string): string {
    return resource?.written?.(path) ?? path;
}

export function locationOf(resource: Resource | undefined, path: string): Location | undefined {
    return resource?.locate?.(path);
}
