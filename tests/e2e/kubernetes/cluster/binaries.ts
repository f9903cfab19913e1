/**
 * Kubernetes, its addons and the operators that stacks are tried with, built once from the Go module in `tools/`, and kept in the user's
 * cache. One module, so that the libraries that they share have one version, and are compiled once. CoreDNS and CloudNativePG are the
 * newest ones that take those of this Kubernetes.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

import { QUICK_COMPILER } from "../../../../packages/cli/src/images/go";
import { ClusterUnavailableError, run, type Say, succeeds } from "./shell";

const TOOLS = join(__dirname, "tools");

/** Programs that are built into a folder of their own. */
interface Group {
    name: string;
    packages: string[];
    /** Further than `-s -w`. */
    ldflags?: string[];
    takes: string;
}

export interface Binaries {
    /** Folder of kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy and kubectl. */
    kubernetes: string;
    /** Folder of coredns, metrics-server, local-path-provisioner and network-policies; all static. */
    addons: string;
}

/** As in `tools/go.mod`. */
const KUBERNETES_VERSION = /k8s\.io\/kubernetes (v[\d.]+)/.exec(readFileSync(join(TOOLS, "go.mod"), "utf8"))![1]!;

const VERSION_PACKAGE = "k8s.io/component-base/version";
const [MAJOR, MINOR] = KUBERNETES_VERSION.slice(1).split(".");

const KUBERNETES: Group = {
    name: "kubernetes",
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

/** They run in an image that holds nothing else. */
const ADDONS: Group = {
    name: "addons",
    packages: [
        "./coredns",
        "./network-policies",
        "sigs.k8s.io/metrics-server/cmd/metrics-server",
        "github.com/rancher/local-path-provisioner",
    ],
    takes: "a minute",
};

/** Programs of operators that stacks of some kinds need: CloudNativePG's own, and the templates of External Secrets. */
const OPERATORS: Group = {
    name: "operators",
    packages: ["github.com/cloudnative-pg/cloudnative-pg/cmd/manager", "./external-secrets"],
    takes: "a minute or two",
};

/** Alike for all, since what is compiled for one is used for another only then. Static. */
const ENVIRONMENT = { GOFLAGS: "", CGO_ENABLED: "0" };

/** @throws ClusterUnavailableError when there is neither a cache nor Go */
export async function ensureBinaries(say: Say): Promise<Binaries> {
    return { kubernetes: await ensureGroup(KUBERNETES, say), addons: await ensureGroup(ADDONS, say) };
}

/** @returns folder of `manager` and `external-secrets` @throws ClusterUnavailableError when there is neither a cache nor Go */
export function ensureOperators(say: Say): Promise<string> {
    return ensureGroup(OPERATORS, say);
}

/** Where a module of `tools/go.mod` is, for what it has beside programs. @throws Error when there is no Go */
export async function goModule(path: string): Promise<{ Dir: string; Version: string }> {
    const options = { cwd: TOOLS, env: ENVIRONMENT };
    return JSON.parse(await run("go", ["mod", "download", "-json", path], options)) as { Dir: string; Version: string };
}

/** Where kubectl is, or will be once it is built. */
export function kubectlPath(): string {
    return join(folderOf(KUBERNETES), "kubectl");
}

async function ensureGroup(group: Group, say: Say): Promise<string> {
    const folder = folderOf(group);
    if (existsSync(folder)) return folder;
    if (!(await succeeds("go", ["version"]))) {
        throw new ClusterUnavailableError(
            "there is no Go to build Kubernetes with: install it, or set KUBECONFIG to a cluster that runs",
        );
    }
    say(
        `cluster: building ${group.packages.map((path) => basename(path)).join(", ")}, once; this takes ${group.takes}`,
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
            ["-s", "-w", ...(group.ldflags ?? [])].join(" "),
        ];
        // One build for all, so that what they share is compiled once.
        await run("go", ["build", ...flags, "-o", `${draft}/`, ...group.packages], {
            cwd: TOOLS,
            env: { ...ENVIRONMENT, ...QUICK_COMPILER },
        });
        renameSync(draft, folder);
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
    say(`cluster: built in ${Math.round((Date.now() - start) / 1000)} s`);
    return folder;
}

/** Named by what is built: pinned modules, own sources and flags. */
function folderOf(group: Group): string {
    const recipe = [group.packages, group.ldflags, ENVIRONMENT, process.arch];
    const hash = createHash("sha256").update(JSON.stringify(recipe));
    const own = group.packages
        .filter((path) => path.startsWith("./"))
        .flatMap((path) => readdirSync(join(TOOLS, path)).map((file) => join(path, file)));
    for (const file of ["go.mod", "go.sum", ...own.sort()]) hash.update(file).update(readFileSync(join(TOOLS, file)));
    const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
    return join(cache, "groundwork", "cluster", `${group.name}-${hash.digest("hex").slice(0, 12)}`);
}
