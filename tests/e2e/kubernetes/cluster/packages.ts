/** What the cluster takes from Debian: etcd, containerd, the CNI plugins and the tools around them. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ClusterUnavailableError, run, type Say, succeeds } from "./shell";

const APT = ["--quiet=2", "--option", "Acquire::Retries=3", "--option", "DPkg::Lock::Timeout=120"];

/** Debian's package of each program that is needed. */
const PROGRAMS: Record<string, string> = {
    "/usr/bin/etcd": "etcd-server",
    "/usr/bin/containerd": "containerd",
    "/usr/bin/ctr": "containerd",
    // Docker's own packages have it elsewhere, and would be removed for Debian's.
    runc: "runc",
    "/usr/lib/cni/bridge": "containernetworking-plugins",
    "/usr/lib/cni/host-local": "containernetworking-plugins",
    nft: "nftables",
    iptables: "iptables",
    ip: "iproute2",
    openssl: "openssl",
    gcc: "gcc",
    "/usr/include/stdio.h": "libc6-dev",
};

/** Installs what is missing. @throws ClusterUnavailableError where it may not, saying what to install */
export async function ensurePackages(say: Say): Promise<void> {
    const missing = new Set<string>();
    for (const [program, name] of Object.entries(PROGRAMS)) {
        if (!(await isThere(program))) missing.add(name);
    }
    if (missing.size === 0) return;
    const names = [...missing].join(" ");
    if (!(await succeeds("sh", ["-c", "command -v apt-get"]))) {
        throw new ClusterUnavailableError(
            `there is no ${names}: install them, or set KUBECONFIG to a cluster that runs`,
        );
    }
    say(`cluster: installing ${names}`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", [...APT, "update"], { env });
    const options = [...APT, "--yes", "--no-install-recommends"];
    await run("apt-get", [...options, "install", ...missing], { env });
}

function isThere(program: string): Promise<boolean> {
    return program.startsWith("/")
        ? Promise.resolve(existsSync(program))
        : succeeds("sh", ["-c", `command -v ${program}`]);
}

/** Puts a static busybox where it is asked to. Not installed: that would remove the machine's own. */
export async function extractBusybox(target: string): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), "groundwork-busybox-"));
    try {
        const download = [
            "-c",
            "apt-get --quiet=2 download busybox-static || (apt-get --quiet=2 update && apt-get --quiet=2 download busybox-static)",
        ];
        await run("sh", download, { cwd: directory });
        await run("sh", ["-c", "dpkg -x busybox-static_*.deb ."], { cwd: directory });
        await run("sh", ["-c", `cp "$(find . -path '*bin/busybox' -type f)" ${target}`], { cwd: directory });
    } finally {
        rmSync(directory, { recursive: true, force: true });
    }
}
