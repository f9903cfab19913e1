/** What the Docker engine must have. */
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { userInfo } from "node:os";

import { defaultOf } from "../../../../config/defaults";
import { CATALOG } from "../../../../images/catalog";
import { SYSTEMS } from "../../../../systems";
import { type DockerHost, reachDocker } from "../docker/client";
import { takenPort } from "../docker/ports";
import { askRegistry } from "../docker/registry";
import { memory } from "../ui/text";
import { type Finding, missing, ok, warning } from "./types";
import { isAtLeast } from "./version";

/** Oldest engine that the program is tested on. */
const OLDEST = [20, 10] as const;
/** The smallest minimum of a document that states one: 4 GiB of memory. */
const MEMORY = 4 * 1024 ** 3;
/** The stand-ins of all systems and their volumes, with room to grow. */
const DISK = 10 * 1024 ** 3;

interface Info {
    ServerVersion: string;
    Driver: string;
    CgroupVersion?: string;
    MemTotal: number;
    NCPU: number;
    OperatingSystem: string;
    DockerRootDir: string;
    SecurityOptions?: string[];
}

interface DockerFindings {
    findings: Finding[];
    /** A registry answers through the engine; undefined when there is no engine to ask. */
    registry?: boolean;
    /** It runs on this machine, or would. */
    local: boolean;
}

/** @param named as `groundwork:docker.host`; absent: DOCKER_HOST, else the default socket */
export async function checkDocker(named: string | undefined): Promise<DockerFindings> {
    let host: DockerHost;
    try {
        host = await reachDocker(named);
    } catch (error) {
        const { message, hint } = error as Error & { hint?: string };
        const findings = [missing("docker engine", message, (hint ?? "").replace(/\n/g, " "))];
        return { findings, local: named === undefined || /^(unix|npipe):/.test(named) };
    }
    const info = (await host.docker.info()) as Info;
    const registry = (await askRegistry(host.docker, CATALOG["caddy"]!.registry)) !== "no answer";
    return {
        findings: [
            version(info),
            ok("  storage, cgroups", `${info.Driver}, v${info.CgroupVersion ?? "1"}`),
            ok("  runs as", owner(host, info)),
            size(info),
            ...(await disk(host, info)),
            registry
                ? ok("registry", "answers")
                : warning(
                      "registry",
                      "none answers",
                      "gw up builds stand-ins instead; for the real images, see groundwork:images.mirror.",
                  ),
            ...(await ports(host)),
        ],
        registry,
        local: host.local,
    };
}

function version({ ServerVersion, OperatingSystem }: Info): Finding {
    const found = `${ServerVersion} on ${OperatingSystem}`;
    if (isAtLeast(ServerVersion, OLDEST)) return ok("docker engine", found);
    const remedy = `Install ${OLDEST.join(".")} or newer: https://docs.docker.com/engine/install/.`;
    return missing("docker engine", found, remedy);
}

function owner(host: DockerHost, { SecurityOptions = [] }: Info): string {
    const rootless = SecurityOptions.some((option) => option.includes("rootless")) ? "rootless" : "root";
    const path = host.host.replace(/^unix:\/\//, "");
    if (!host.local || path === host.host) return `${rootless}, at ${host.host}`;
    const { uid, gid, mode } = statSync(path);
    return `${rootless}, at ${path} (owner ${uid}:${gid}, mode ${(mode & 0o777).toString(8)}; you are ${userInfo().uid})`;
}

function size({ MemTotal, NCPU }: Info): Finding {
    const found = `${NCPU} cores, ${memory(MemTotal)}`;
    if (MemTotal >= MEMORY * 0.9 && NCPU >= 2) return ok("  cores, memory", found);
    return warning(
        "  cores, memory",
        found,
        "The documents ask for 2 cores and 4 GiB at least; a smaller machine may be too slow to become healthy in time.",
    );
}

async function disk(host: DockerHost, { DockerRootDir }: Info): Promise<Finding[]> {
    if (!host.local) return [];
    try {
        const { bavail, bsize } = await statfs(DockerRootDir);
        const found = `${memory(bavail * bsize)} free in ${DockerRootDir}`;
        if (bavail * bsize >= DISK) return [ok("  disk", found)];
        return [
            warning(
                "  disk",
                found,
                'Free some: "docker system df" shows what takes it, "docker image prune" removes unused layers.',
            ),
        ];
    } catch (error) {
        // The directory belongs to root, or is another file system's view.
        return [
            warning(
                "  disk",
                `${DockerRootDir} cannot be looked at: ${(error as Error).message}`,
                "Look with df -h as root.",
            ),
        ];
    }
}

/** The dev ports of all systems. */
async function ports(host: DockerHost): Promise<Finding[]> {
    const taken: string[] = [];
    const free: string[] = [];
    for (const system of Object.values(SYSTEMS)) {
        const { key } = system;
        const found = await takenPort(host, undefined, {
            address: defaultOf("edge.address", system, "dev") as string,
            httpPort: defaultOf("edge.httpPort", system, "dev") as number,
            httpsPort: defaultOf("edge.httpsPort", system, "dev") as number,
            http3: defaultOf("edge.http3", system, "dev") as boolean,
        });
        if (found === undefined) free.push(key);
        else taken.push(`${key} (${found.port}, by ${found.by})`);
    }
    if (taken.length === 0) return [ok("dev ports", "free for all systems")];
    const found = `${free.length > 0 ? `free for ${free.join(", ")}; ` : ""}taken: ${taken.join("; ")}`;
    return [
        warning(
            "dev ports",
            found,
            "Fine if that is the system's own stack; else set groundwork:edge.httpPort and httpsPort.",
        ),
    ];
}
