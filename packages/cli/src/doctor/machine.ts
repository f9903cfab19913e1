/** What the machine itself must have: Node, programs, kernel settings. */
import { readFileSync } from "node:fs";

import { engines } from "../../../../package.json";
import { findPulumi } from "../engines/pulumi";
import { runProcess } from "../process";
import { type Finding, missing, ok, warning } from "./types";
import { isAtLeast } from "./version";

/** The oldest one that is tested. */
const NODE = /(\d+)\.(\d+)/.exec(engines.node)!.slice(1).map(Number) as [number, number];

export function checkNode(version = process.versions.node): Finding {
    const remedy = `Install Node ${NODE.join(".")} or newer: https://nodejs.org/en/download.`;
    return isAtLeast(version, NODE) ? ok("node", version) : missing("node", version, remedy);
}

export async function checkDockerCli(): Promise<Finding> {
    const version = await outputOf("docker", ["--version"]);
    if (version !== undefined) return ok("docker CLI", version.replace(/^Docker version /, "").split(",")[0]!);
    return missing(
        "docker CLI",
        "not on PATH",
        "apt-get install docker-cli, or https://docs.docker.com/engine/install/.",
    );
}

/** Optional: staging and prod use it, dev does not. */
export async function checkPulumi(): Promise<Finding> {
    const path = findPulumi();
    const remedy = "For staging and prod: curl -fsSL https://get.pulumi.com | sh. Dev runs without it.";
    if (path === undefined) return warning("pulumi CLI", "not on PATH", remedy);
    return ok("pulumi CLI", (await outputOf(path, ["version"])) ?? path);
}

/** Makes the base of the stand-ins where no registry can be reached. */
export async function checkDebootstrap(needed: boolean): Promise<Finding> {
    // It is in /usr/sbin, which is not on everybody's PATH.
    for (const path of ["debootstrap", "/usr/sbin/debootstrap"]) {
        const version = await outputOf(path, ["--version"]);
        if (version !== undefined) return ok("debootstrap", version.replace(/^debootstrap /, ""));
    }
    const remedy = "apt-get install debootstrap (as root), to build images without a registry.";
    return needed ? missing("debootstrap", "not installed", remedy) : warning("debootstrap", "not installed", remedy);
}

interface KernelSetting {
    key: string;
    enough: (value: number) => boolean;
    wanted: number;
    why: string;
}

const KERNEL: KernelSetting[] = [
    {
        key: "vm.overcommit_memory",
        enough: (value) => value === 1,
        wanted: 1,
        // https://redis.io/docs/latest/operate/oss_and_stack/management/admin/
        why: "without it Redis may fail to save in the background when memory is short",
    },
    {
        key: "vm.max_map_count",
        enough: (value) => value >= 262_144,
        wanted: 262_144,
        // https://memgraph.com/docs/database-management/system-configuration
        why: "Memgraph needs many memory maps once its graph has grown",
    },
];

export function checkKernel(read: (path: string) => string = (path) => readFileSync(path, "utf8")): Finding[] {
    return KERNEL.map(({ key, enough, wanted, why }) => {
        let value: number;
        try {
            value = Number(read(`/proc/sys/${key.replace(".", "/")}`));
        } catch {
            return warning(key, "not readable here", `On the Docker host: sysctl -w ${key}=${wanted} (${why}).`);
        }
        if (enough(value)) return ok(key, String(value));
        const remedy = `sysctl -w ${key}=${wanted} && echo ${key}=${wanted} > /etc/sysctl.d/90-groundwork-${key.replaceAll(".", "-")}.conf (${why}).`;
        return warning(key, String(value), remedy);
    });
}

async function outputOf(command: string, args: string[]): Promise<string | undefined> {
    const { failed, stdout } = await runProcess(command, args, { timeoutMs: 10_000 });
    return failed ? undefined : stdout.trim().split("\n")[0];
}
