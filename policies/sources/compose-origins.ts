/** Where in Compose files the parts of a container come from. */
import { join } from "../core/raw";
import type { Lines } from "./place";

export interface Origin {
    readonly place: Lines;
    /** From the file on: `services.api.ports[0]`. */
    readonly path: string;
}

/** What Compose calls the container's properties, for those that a service does not say. */
const KEYS: Readonly<Record<string, string>> = {
    readOnly: "read_only",
    networkMode: "network_mode",
    networksAdvanced: "networks",
    pidMode: "pid",
    ipcMode: "ipc",
    utsMode: "uts",
    usernsMode: "userns_mode",
    cgroupParent: "cgroup_parent",
    cgroupnsMode: "cgroup",
    memory: "mem_limit",
    cpuShares: "cpu_shares",
    pidsLimit: "pids_limit",
    maxRetryCount: "restart",
    envs: "environment",
    mounts: "volumes",
    securityOpts: "security_opt",
    "capabilities.adds": "cap_add",
    "capabilities.drops": "cap_drop",
    deviceCgroupRules: "device_cgroup_rules",
    entrypoints: "entrypoint",
    "healthcheck.tests": "healthcheck.test",
    logDriver: "logging.driver",
    logOpts: "logging.options",
};

export class Origins {
    private readonly known = new Map<string, Origin>();

    constructor(
        /** The service itself. */
        private readonly service: Origin,
    ) {}

    note(property: string, origin: Origin): void {
        this.known.set(property, origin);
    }

    /** The origin of a property, or of what it would be in. */
    of(property: string): Origin {
        for (let at = property; at !== ""; at = parentOf(at)) {
            const origin = this.known.get(at);
            if (origin) return origin;
        }
        return { ...this.service, path: join(this.service.path, named(property)) };
    }
}

function named(property: string): string {
    for (let at = property; at !== ""; at = parentOf(at)) {
        const key = KEYS[at];
        if (key !== undefined) return join(key, property.slice(at.length).replace(/^\./, ""));
    }
    return property;
}

function parentOf(path: string): string {
    return path.replace(/(?:\.?[^.[\]]+|\[[^\]]*\])$/, "");
}
