/** Docker containers as rules look at them: the inputs of Pulumi's `docker.Container`, to which a Compose service is translated. */
import { normalize } from "node:path/posix";

import { listAt, mapAt, type Raw, textAt } from "../core/raw";
import type { Resource } from "../core/resource";
import { type Report, ruleFor, type Unit } from "../core/rule";

export const CONTAINER = "docker:index/container:Container";

export interface DockerContainer extends Unit {
    readonly resource: Resource;
    readonly raw: Raw;
}

/** Looks at every Docker container. */
export const dockerRule = ruleFor<DockerContainer>({
    scope: "resource",
    applies: (type) => type === CONTAINER,
    units: (resource) => ({ units: [{ path: "", resource, raw: resource.props }], unknown: [], malformed: [] }),
});

/** A file or directory of the host's that a container sees. */
export interface HostMount {
    /** Path of the mount. */
    readonly path: string;
    /** Property that names what is mounted. */
    readonly key: "source" | "hostPath";
    /** Without `..` and trailing slashes. */
    readonly source: string;
    readonly raw: Raw;
}

/** Calls for each thing of the host's that is mounted; what is not known of one does not hide the others. */
export function eachHostMount(raw: Raw, report: Report, check: (mount: HostMount) => void): void {
    const see = (list: "mounts" | "volumes", key: HostMount["key"]) =>
        report.attempt(() =>
            report.eachMap(listAt(raw, list), list, (mount, path) => {
                const source = textAt(mount, key);
                if (!source?.startsWith("/") || (list === "mounts" && textAt(mount, "type") === "tmpfs")) return;
                check({ path, key, source: normalize(source).replace(/(.)\/$/, "$1"), raw: mount });
            }),
        );
    see("mounts", "source");
    see("volumes", "hostPath");
}

/** What `securityOpts` says of a key: `seccomp=unconfined`, `label:disable`. Engines take both signs. */
export function eachSecurityOption(
    raw: Raw,
    report: Report,
    check: (option: { name: string; value: string | undefined; path: string }) => void,
): void {
    report.each(listAt(raw, "securityOpts"), "securityOpts", (item, path) => {
        const [, name, value] = /^([\w-]+)(?:[=:](.*))?$/.exec(String(item)) ?? [];
        if (name === undefined) report(path, "must be a security option");
        else check({ name, value, path });
    });
}

/** It ends by itself: nothing is kept running. */
export function isJob(raw: Raw): boolean {
    return raw["mustRun"] === false;
}

/** The networks that it is in by name. */
export function namedNetworks(raw: Raw): readonly unknown[] {
    return listAt(raw, "networksAdvanced");
}

export function logOption(raw: Raw, key: string): unknown {
    return mapAt(raw, "logOpts")[key];
}
