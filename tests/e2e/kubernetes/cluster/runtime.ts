/** containerd, and the containers that it runs. */
import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { waitFor } from "../../support/wait";
import { PATHS, STATE } from "./layout";
import { CNI } from "./network";
import { ensureRuns, start, tail } from "./processes";
import { run, succeeds } from "./shell";

/** containerd's namespace of everything that the kubelet asks for. */
const NAMESPACE = "k8s.io";

/** `ctr` and what it needs to find our containerd rather than the machine's. */
export const CTR: [string, ...string[]] = ["/usr/bin/ctr", "--address", PATHS.socket, "--namespace", NAMESPACE];

/** @param pause Reference of the image that holds a pod's namespaces open. */
export async function startRuntime(pause: string): Promise<void> {
    for (const directory of [PATHS.containerd, PATHS.run, PATHS.config]) mkdirSync(directory, { recursive: true });
    const file = join(PATHS.config, "containerd.toml");
    writeFileSync(file, config(pause));
    start({ name: "containerd", command: "/usr/bin/containerd", args: ["--config", file] });
    await waitFor(() => succeeds(CTR[0], [...CTR.slice(1), "version"]), {
        what: "containerd",
        seconds: 300,
        check: () => ensureRuns("containerd"),
        explain: () => tail("containerd"),
    });
}

/** Runs `ctr` in the cluster's namespace. */
export function ctr(...args: string[]): Promise<string> {
    return run(CTR[0], [...CTR.slice(1), ...args]);
}

/** Ends all containers and forgets them; containerd must run. Their processes outlive it, so nobody else could. */
export async function removeContainers(): Promise<void> {
    const none = async (): Promise<boolean> => {
        const tasks = (await ctr("tasks", "list", "--quiet")).split("\n").filter(Boolean);
        // The CRI plugin sees their end and deletes them as well: who comes second is told that there is none, and asks again.
        await Promise.allSettled(tasks.map((id) => ctr("tasks", "delete", "--force", id)));
        return tasks.length === 0;
    };
    await waitFor(none, {
        what: "the end of all containers",
        seconds: 300,
        explain: async () => `${await ctr("tasks", "list")}\n${tail("containerd")}`,
    });
    const containers = (await ctr("containers", "list", "--quiet")).split("\n").filter(Boolean);
    if (containers.length > 0) await ctr("containers", "delete", ...containers);
}

/** Ends the mounts below the state directory, the innermost first. */
export async function unmountAll(): Promise<void> {
    const points = readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .flatMap((line) => line.split(" ")[1] ?? [])
        .map((point) => point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
        .filter((point) => point.startsWith(`${STATE}/`));
    for (const point of points.reverse()) await run("umount", ["--lazy", point]);
}

/** Removes the groups of processes that the kubelet leaves behind, empty by now. */
export function removeCgroups(): void {
    const root = "/sys/fs/cgroup";
    const roots = [root, ...readdirSync(root).map((controller) => join(root, controller))];
    for (const directory of roots.map((parent) => join(parent, "kubepods"))) removeTree(directory);
}

function removeTree(directory: string): void {
    let children: string[];
    try {
        children = readdirSync(directory, { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .map(({ name }) => name);
    } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
        throw error;
    }
    for (const child of children) removeTree(join(directory, child));
    rmdirSync(directory);
}

function config(pause: string): string {
    const cri = `plugins."io.containerd.grpc.v1.cri"`;
    return `version = 2
root = "${PATHS.containerd}"
state = "${join(PATHS.run, "containerd")}"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = "${PATHS.socket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${join(PATHS.containerd, "opt")}"

[${cri}]
  sandbox_image = "${pause}"
  # What may not lower its score cannot start containers that want a lower one.
  restrict_oom_score_adj = true
  # So that all mounts are below one directory.
  netns_mounts_under_state_dir = true
  # A container need not be root to listen on port 80 or to ping, as on the clusters that people use.
  enable_unprivileged_ports = true
  enable_unprivileged_icmp = true
  tolerate_missing_hugetlb_controller = true

[${cri}.cni]
  bin_dir = "${CNI.plugins}"
  conf_dir = "${CNI.config}"
`;
}
