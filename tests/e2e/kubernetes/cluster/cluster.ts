/**
 * The Kubernetes cluster of the end-to-end tests: the one that KUBECONFIG names, else one of our own with a single node, on this machine.
 *
 * A cluster of our own needs Linux, root, Go, a Docker engine and Debian's packages. It outlives the process that starts it, so that the
 * next run finds it; `stop` ends it, and so does a start that finds it broken or made by another version of this harness.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { kubectlPath } from "./binaries";
import { findForeign, type ForeignCluster, loadIntoForeign } from "./foreign";
import { loadIntoContainerd } from "./images";
import { NETWORK, NODE, PATHS } from "./layout";
import { bringUp, isUp, prepare, tearDown } from "./lifecycle";
import { locked } from "./lock";
import { run, type Say } from "./shell";

export { ClusterUnavailableError } from "./shell";

export interface Cluster {
    /** Path of the administrator's kubeconfig. */
    kubeconfig: string;
    /** Whether this harness started it, and may stop it. */
    ours: boolean;
    /**
     * Whether traffic that no NetworkPolicy allows is dropped. Of a cluster that is not ours this is believed when
     * GROUNDWORK_NETWORK_POLICIES is 1.
     */
    networkPolicies: boolean;
    /** Address at which node ports answer. */
    nodeAddress: string;
    /** Image with a shell and busybox, for pods of tests; of a cluster that is not ours GROUNDWORK_TOOLS_IMAGE, else busybox. */
    toolsImage: string;
    /**
     * Makes images of the Docker engine available to pods, by the same references; what is there already is not copied again.
     * @throws Error when the engine does not have one of them
     */
    loadImages(refs: string[]): Promise<void>;
    /**
     * Runs kubectl, and again where the request was not sent, or not taken up and may be made again.
     * @returns its standard output
     * @throws Error with what it said
     */
    kubectl(...args: string[]): Promise<string>;
    /** `kubectl apply` of objects, with further arguments. @returns its standard output @throws Error with what it said */
    apply(objects: object[], ...args: string[]): Promise<string>;
    /** Ends the cluster if it is ours, with all that is in it; images, certificates and logs stay. */
    stop(): Promise<void>;
}

export interface ClusterOptions {
    /** Called with one line for each step that takes long; default: standard error. */
    say?: Say;
}

/**
 * A cluster that is ready: DNS, volumes of the default class `standard`, and metrics answer. Takes seconds where one runs or was built
 * before, and many minutes the first time.
 * @throws ClusterUnavailableError where this machine can have none, saying what it lacks
 */
export async function ensureCluster({ say = console.error }: ClusterOptions = {}): Promise<Cluster> {
    const foreign = await findForeign(say);
    if (foreign) return foreignCluster(foreign);
    const { images } = await locked(say, async () => {
        const parts = await prepare(say);
        if (!(await isUp(parts))) {
            await tearDown();
            await bringUp(parts, say);
        }
        return parts;
    });
    const own = commands(kubectlPath(), PATHS.kubeconfig);
    // A drain that was interrupted leaves it taking no pods.
    await own.kubectl("uncordon", NODE);
    return {
        ...own,
        ours: true,
        networkPolicies: true,
        nodeAddress: NETWORK.node,
        toolsImage: images.tools,
        loadImages: (refs) => locked(say, () => loadIntoContainerd(refs)),
        stop: () => stopCluster({ say }),
    };
}

/** Installs and builds what a cluster of our own needs, where one is needed. @throws ClusterUnavailableError as `ensureCluster` */
export async function buildCluster({ say = console.error }: ClusterOptions = {}): Promise<void> {
    if (await findForeign(say)) return;
    await locked(say, () => prepare(say));
}

/** Ends our own cluster, or what an earlier run left of one. */
export async function stopCluster({ say = console.error }: ClusterOptions = {}): Promise<void> {
    await locked(say, tearDown);
}

function foreignCluster(foreign: ForeignCluster): Cluster {
    return {
        ...commands("kubectl", foreign.kubeconfig),
        ours: false,
        networkPolicies: process.env["GROUNDWORK_NETWORK_POLICIES"] === "1",
        nodeAddress: foreign.nodeAddress,
        toolsImage: process.env["GROUNDWORK_TOOLS_IMAGE"] ?? "busybox:1.37",
        loadImages: (refs) => loadIntoForeign(foreign, refs),
        stop: () => Promise.resolve(),
    };
}

/** How kubectl says that it has not reached the API server, so that nothing has come of the request. */
const NOT_SENT =
    /^(The connection to the server \S+ was refused|Unable to connect to the server:.*(TLS handshake timeout|connection refused))/m;

/** What may be called again although it was sent: the first ones only read. */
const REPEATABLE = ["get", "logs", "rollout", "wait", "exec"];

/** How kubectl says that a busy API server, or kubelet, has not taken a request up: a command in a pod has not begun by then. */
const NOT_TAKEN_UP = new RegExp(
    [
        "^(Error from server|error: (Internal error occurred|error sending request):).*" +
            "(TLS handshake timeout|connection refused|error dialing backend|etcdserver: request timed out)",
        "^error: (Internal error occurred: )?unable to upgrade connection: container not found",
    ].join("|"),
    "m",
);

/** For how long it is called again. */
const PATIENCE_MS = 120_000;

function commands(program: string, kubeconfig: string): Pick<Cluster, "kubeconfig" | "kubectl" | "apply"> {
    const call = async (args: string[], input?: string): Promise<string> => {
        const verb = args[0] === "--namespace" ? args[2] : args[0];
        for (const begin = Date.now(); ; await sleep(1_000)) {
            try {
                return await run(program, ["--kubeconfig", kubeconfig, ...args], { input });
            } catch (error) {
                const { message } = error as Error;
                const mayBeAgain = NOT_SENT.test(message) || (REPEATABLE.includes(verb!) && NOT_TAKEN_UP.test(message));
                if (!mayBeAgain || Date.now() - begin > PATIENCE_MS) throw error;
            }
        }
    };
    return {
        kubeconfig,
        kubectl: (...args) => call(args),
        apply: (objects, ...args) =>
            call(["apply", ...args, "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects })),
    };
}
