/** What the tests ask the real API server, besides Groundwork itself: the cluster's own word is the judge. */
import { isDeepStrictEqual } from "node:util";

import type {
    V1Deployment,
    V1Job,
    V1ObjectMeta,
    V1Pod,
    V1StatefulSet,
} from "../../../../packages/cli/src/kubernetes/types";
import { waitFor } from "../../support/wait";
import type { Cluster } from "../cluster/cluster";

const STACK = "dev.groundwork/stack";
const SERVICE = "app.kubernetes.io/name";

/** What every namespace has, whoever made it, and what Kubernetes derives from other objects or merely remembers. */
const NOT_THE_STACKS = [
    /^configmap\/kube-root-ca\.crt$/,
    /^serviceaccount\/default$/,
    /^(endpoints|endpointslice\.discovery\.k8s\.io|event|event\.events\.k8s\.io|podmetrics\.metrics\.k8s\.io)\//,
];

/** Kinds that the API lists a second time, under an older or a newer group. */
const LISTED_TWICE = ["events", "events.events.k8s.io", "pods.metrics.k8s.io", "endpoints"];

export interface SeenPod {
    name: string;
    uid: string;
    service: string;
    /** It has been told to end. */
    leaving: boolean;
    /** It passes its readiness probe and is not on its way out. */
    ready: boolean;
    restarts: number;
    /** Why its container ended last, e.g. `OOMKilled`. */
    lastEnd?: string;
    /** The exit code of that. */
    lastCode?: number;
    ip: string;
    image: string;
    startedAt: string;
}

/** A stack on the cluster, as the cluster sees it. */
export class Inventory {
    readonly namespace: string;

    constructor(
        readonly cluster: Cluster,
        readonly stack: string,
    ) {
        this.namespace = `gw-${stack}`;
    }

    /** `kubectl` in the stack's namespace. */
    kubectl(...args: string[]): Promise<string> {
        return this.cluster.kubectl("--namespace", this.namespace, ...args);
    }

    async list<T>(kind: string, ...args: string[]): Promise<T[]> {
        const text = await this.kubectl("get", kind, "-o", "json", ...args);
        return (JSON.parse(text) as { items: T[] }).items;
    }

    /** Pods that are meant to go on: not those of jobs. Those that are on their way out are among them, and not ready. */
    async pods(service?: string): Promise<SeenPod[]> {
        const selector = service === undefined ? [] : ["-l", `${SERVICE}=${service}`];
        return (await this.list<V1Pod>("pods", ...selector))
            .filter((pod) => !pod.metadata?.ownerReferences?.some(({ kind }) => kind === "Job"))
            .map(seen)
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    /** A ready pod of a service. On a busy node one may not be for a moment: it is waited for, unless the namespace is gone or going. */
    async readyPod(service: string): Promise<SeenPod> {
        let pod: SeenPod | undefined;
        const isFound = async (): Promise<boolean> => {
            pod = (await this.pods(service)).find(({ ready }) => ready);
            return pod !== undefined || !(await this.isActive());
        };
        await waitFor(isFound, { what: `a ready pod of ${service} of ${this.stack}`, seconds: 300 });
        if (!pod) throw new Error(`${this.stack} has no ready pod of ${service}`);
        return pod;
    }

    private async isActive(): Promise<boolean> {
        const phase = ["--ignore-not-found", "-o", "jsonpath={.status.phase}"];
        return (await this.cluster.kubectl("get", "namespace", this.namespace, ...phase)) === "Active";
    }

    /** Whether a service, or each of them, has as many ready pods as it is to have, and no others. */
    async isWhole(service?: string): Promise<boolean> {
        const selector = service === undefined ? [] : ["-l", `${SERVICE}=${service}`];
        const controllers = await this.list<V1Deployment | V1StatefulSet>("deployments,statefulsets", ...selector);
        const wanted = controllers.reduce((sum, { spec }) => sum + (spec?.replicas ?? 1), 0);
        const pods = await this.pods(service);
        return wanted > 0 && pods.length === wanted && pods.every(({ ready }) => ready);
    }

    /** Jobs that have not succeeded, by name. */
    async unfinishedJobs(): Promise<string[]> {
        const jobs = await this.list<V1Job>("jobs");
        return jobs.filter(({ status }) => status?.succeeded !== 1).map(({ metadata }) => metadata!.name!);
    }

    /** Runs a command in a pod's container. */
    exec(pod: string, ...command: string[]): Promise<string> {
        return this.kubectl("exec", pod, "--", ...command);
    }

    /** Everything in the namespace that is the stack's, as `kind/name`, sorted. */
    async contents(): Promise<string[]> {
        const names = await this.everything("--namespaced", (kind) => !LISTED_TWICE.includes(kind), [
            "--namespace",
            this.namespace,
        ]);
        return names.filter((name) => !NOT_THE_STACKS.some((pattern) => pattern.test(name))).sort();
    }

    /**
     * All objects of the kinds that can be listed. There is no telling while the server of one API, as of metrics, does not answer, or a
     * test has just taken a kind away again.
     */
    private async everything(
        which: string,
        isAsked: (kind: string) => boolean,
        selection: string[],
    ): Promise<string[]> {
        let said = "";
        const isTold = async (): Promise<boolean> => {
            const kinds = await this.cluster.kubectl("api-resources", which, "--verbs=list", "-o", "name");
            const asked = kinds.split("\n").filter((kind) => kind !== "" && isAsked(kind));
            said = await this.cluster.kubectl("get", asked.join(","), "-o", "name", "--ignore-not-found", ...selection);
            return true;
        };
        await waitFor(isTold, { what: "a list of all objects", seconds: 300 });
        return said.split("\n").filter(Boolean);
    }

    /** Waits until the namespace holds exactly these: Kubernetes collects what belonged to a deleted object a moment later. */
    async comesDownTo(names: string[]): Promise<void> {
        const wanted = [...names].sort();
        await waitFor(async () => isDeepStrictEqual(await this.contents(), wanted), {
            what: `nothing but ${wanted.join(", ")} in ${this.namespace}`,
            seconds: 300,
            explain: async () => `There is: ${(await this.contents()).join(", ")}`,
        });
    }

    /** What the stack has on the cluster outside of its namespace, and the namespace itself, as `kind/name`, sorted. */
    async outside(): Promise<string[]> {
        const isAsked = (kind: string): boolean => !kind.startsWith("nodes.metrics");
        const labelled = await this.everything("--namespaced=false", isAsked, ["-l", `${STACK}=${this.stack}`]);
        return [...labelled, ...(await this.volumes()).map((name) => `persistentvolume/${name}`)].sort();
    }

    /** Volumes that were made for claims of the stack: their provisioner knows of no label. */
    async volumes(): Promise<string[]> {
        const { items } = JSON.parse(await this.cluster.kubectl("get", "persistentvolumes", "-o", "json")) as {
            items: { metadata: V1ObjectMeta; spec: { claimRef?: { namespace: string } } }[];
        };
        return items
            .filter(({ spec }) => spec.claimRef?.namespace === this.namespace)
            .map(({ metadata }) => metadata.name!);
    }

    /** Removes whatever an earlier, interrupted run of the tests left of the stack, and waits until it is gone. */
    async sweep(): Promise<void> {
        await this.sweepNamespace();
        await this.volumesGone();
    }

    /** All but volumes. */
    async sweepNamespace(): Promise<void> {
        const labelled = ["-l", `${STACK}=${this.stack}`, "--ignore-not-found"];
        await this.cluster.kubectl("delete", "namespace", this.namespace, "--ignore-not-found", "--timeout", "600s");
        await this.cluster.kubectl("delete", "priorityclasses", ...labelled);
    }

    /** Provisioners remove a volume some time after its claim. */
    async volumesGone(): Promise<void> {
        await waitFor(async () => (await this.volumes()).length === 0, {
            what: `the end of the volumes of ${this.stack}`,
            seconds: 300,
            explain: async () => (await this.volumes()).join(", "),
        });
    }
}

/** Whether its container ended last otherwise than by the kubelet, which restarts a sound one where a busy node is late with its probe. */
export function crashed({ lastEnd, lastCode }: SeenPod): boolean {
    return lastCode !== undefined && (lastEnd === "OOMKilled" || ![0, 137, 143].includes(lastCode));
}

function seen({ metadata, status, spec }: V1Pod): SeenPod {
    const container = status?.containerStatuses?.[0];
    const isReady = status?.conditions?.some((each) => each.type === "Ready" && each.status === "True") === true;
    return {
        name: metadata!.name!,
        uid: metadata!.uid!,
        service: metadata!.labels?.[SERVICE] ?? "",
        leaving: metadata!.deletionTimestamp !== undefined,
        ready: isReady && metadata!.deletionTimestamp === undefined,
        restarts: container?.restartCount ?? 0,
        lastEnd: container?.lastState?.terminated?.reason,
        lastCode: container?.lastState?.terminated?.exitCode,
        ip: status?.podIP ?? "",
        image: spec!.containers[0]!.image!,
        startedAt: String(container?.state?.running?.startedAt ?? ""),
    };
}
