/** Kubernetes and its addons, built once from the Go modules that `tools/` pins, and kept in the user's cache. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

import { ClusterUnavailableError, run, succeeds } from "./shell";
import type { Say } from "./shell";

const TOOLS = join(__dirname, "tools");

interface Module {
    /** Folder in `tools/`. */
    folder: string;
    packages: string[];
    /** Further than `-s -w`. */
    ldflags?: string[];
    env?: NodeJS.ProcessEnv;
    takes: string;
}

export interface Binaries {
    /** Folder of kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy and kubectl. */
    kubernetes: string;
    /** Folder of coredns, metrics-server, local-path-provisioner and network-policies; all static. */
    addons: string;
}

/** As in `tools/kubernetes/go.mod`. */
const KUBERNETES_VERSION = /k8s\.io\/kubernetes (v[\d.]+)/.exec(
    readFileSync(join(TOOLS, "kubernetes", "go.mod"), "utf8"),
)![1]!;

const VERSION_PACKAGE = "k8s.io/component-base/version";
const [MAJOR, MINOR] = KUBERNETES_VERSION.slice(1).split(".");

const KUBERNETES: Module = {
    folder: "kubernetes",
    packages: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"].map(
        (name) => `k8s.io/kubernetes/cmd/${name}`,
    ),
    // Clients and nodes are judged by these; a build from the module says v0.0.0 without them.
    ldflags: [
        `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES_VERSION}`,
        `-X ${VERSION_PACKAGE}.gitMajor=${MAJOR}`,
        `-X ${VERSION_PACKAGE}.gitMinor=${MINOR}`,
    ],
    takes: "6 to 12 minutes",
};

/** Of newer Kubernetes libraries than Kubernetes itself here, hence a module of its own. */
const ADDONS: Module = {
    folder: "addons",
    packages: [
        "./coredns",
        "./network-policies",
        "sigs.k8s.io/metrics-server/cmd/metrics-server",
        "github.com/rancher/local-path-provisioner",
    ],
    // They run in an image that holds nothing else.
    env: { CGO_ENABLED: "0" },
    takes: "3 to 7 minutes",
};

/** @throws ClusterUnavailableError when there is neither a cache nor Go */
export async function ensureBinaries(say: Say): Promise<Binaries> {
    return { kubernetes: await ensureModule(KUBERNETES, say), addons: await ensureModule(ADDONS, say) };
}

/** Where kubectl is, or will be once it is built. */
export function kubectlPath(): string {
    return join(folderOf(KUBERNETES), "kubectl");
}

async function ensureModule(module: Module, say: Say): Promise<string> {
    const folder = folderOf(module);
    if (existsSync(folder)) return folder;
    if (!(await succeeds("go", ["version"]))) {
        throw new ClusterUnavailableError(
            "there is no Go to build Kubernetes with: install it, or set KUBECONFIG to a cluster that runs",
        );
    }
    say(
        `cluster: building ${module.packages.map((path) => basename(path)).join(", ")}, once; this takes ${module.takes}`,
    );
    const start = Date.now();
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
        const flags = [
            "-mod=readonly",
            "-p",
            "2",
            "-trimpath",
            "-ldflags",
            ["-s", "-w", ...(module.ldflags ?? [])].join(" "),
        ];
        // One build for all, so that what they share is compiled once.
        await run("go", ["build", ...flags, "-o", `${draft}/`, ...module.packages], {
            cwd: join(TOOLS, module.folder),
            env: { GOFLAGS: "", ...module.env },
        });
        renameSync(draft, folder);
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
    say(`cluster: built in ${Math.round((Date.now() - start) / 1000)} s`);
    return folder;
}

/** Named by what is built: pinned modules, own sources and flags. */
function folderOf(module: Module): string {
    const recipe = [module.packages, module.ldflags, module.env, process.arch];
    const hash = createHash("sha256").update(JSON.stringify(recipe));
    const directory = join(TOOLS, module.folder);
    const sources = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
    for (const file of sources.filter((name) => /(\.go|go\.mod|go\.sum)$/.test(name))) {
        hash.update(file).update(readFileSync(join(directory, file)));
    }
    const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
    return join(cache, "groundwork", "cluster", `${module.folder}-${hash.digest("hex").slice(0, 12)}`);
}
