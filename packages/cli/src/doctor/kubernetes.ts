/** What the cluster of a stack must have. */
import type { Place } from "../runtime/open";
import type { Cluster } from "../kubernetes/client";
import { isForbidden, isNotFound, sayingOf, statusOf } from "../kubernetes/errors";
import { nodesOf } from "../kubernetes/nodes";
import type { V1DaemonSet, V1Node, V1StorageClass } from "../kubernetes/types";
import { checkCloudNativePg } from "./cloudnative-pg";
import { checkExternalSecrets } from "./external-secrets";
import { type Finding, missing, ok, warning } from "./types";
import { isAtLeast } from "./version";

/**
 * Oldest cluster that a pod of ours is admitted by: `preStop.sleep` and `podReplacementPolicy` are on by default from here on.
 * https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
 */
const OLDEST = [1, 30] as const;

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Networks that enforce policies, by the DaemonSet that each has on every node. */
const ENFORCING: Record<string, string> = {
    "antrea-agent": "Antrea",
    anetd: "GKE Dataplane V2",
    "azure-npm": "Azure Network Policy Manager",
    "calico-node": "Calico",
    canal: "Canal",
    cilium: "Cilium",
    "kube-network-policies": "kube-network-policies",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "weave-net": "Weave Net",
};

/** Networks that do not, unless another one is beside them. */
const NOT_ENFORCING: Record<string, string> = { "kube-flannel-ds": "Flannel" };

/** @param place where the stack's file says that it runs */
export async function checkKubernetes({
    kubernetes,
    stores,
}: Pick<Place, "kubernetes" | "stores">): Promise<Finding[]> {
    const { reachCluster } = await import("../kubernetes/client.js");
    let cluster: Cluster;
    try {
        cluster = await reachCluster(kubernetes.context);
    } catch (error) {
        const { message, hint } = error as Error & { hint?: string };
        return [missing("cluster", message, hint ?? "")];
    }
    return [
        version(cluster),
        ...(await Promise.all([
            unlessForbidden("  storage class", async () => {
                const [classes, nodes] = await Promise.all([cluster.storage.listStorageClass(), nodesOf(cluster)]);
                return storageClass(classes.items, kubernetes.storageClass, nodes);
            }),
            ...sharedClass(cluster, kubernetes.sharedStorageClass),
            unlessForbidden("  network policies", async () => {
                const [sets, nodes] = await Promise.all([
                    cluster.apps.listDaemonSetForAllNamespaces(),
                    cluster.core.listNode(),
                ]);
                return networkPolicies(sets.items, nodes.items);
            }),
            unlessForbidden("  metrics", () => metrics(cluster)),
            ...(kubernetes.externalSecrets
                ? [
                      unlessForbidden("  external secrets", () =>
                          checkExternalSecrets(cluster, kubernetes.externalSecrets?.store ?? {}),
                      ),
                  ]
                : []),
            ...(stores.postgres?.mode === "operator"
                ? [
                      unlessForbidden("  cloudnative-pg", () =>
                          checkCloudNativePg(cluster, stores.postgres?.operatorNamespace),
                      ),
                  ]
                : []),
        ])),
    ];
}

function version({
    server,
    context,
    version: { gitVersion },
}: Pick<Cluster, "server" | "context" | "version">): Finding {
    const found = `${gitVersion} at ${server} (context ${context})`;
    if (isAtLeast(gitVersion.replace(/^v/, ""), OLDEST)) return ok("cluster", found);
    return missing("cluster", found, `Upgrade it to ${OLDEST.join(".")} or newer.`);
}

/** Nothing to look for where the stack's file names none: its volumes are of the same class as the others then. */
function sharedClass(cluster: Cluster, named: string | undefined): Promise<Finding>[] {
    if (named === undefined) return [];
    const name = "  shared storage class";
    return [
        unlessForbidden(name, async () =>
            namedClass(name, "sharedStorageClass", (await cluster.storage.listStorageClass()).items, named),
        ),
    ];
}

/** @param named the one that the stack's file names */
export function storageClass(classes: V1StorageClass[], named: string | undefined, nodes: V1Node[]): Finding {
    const name = "  storage class";
    const usual = classes.find(({ metadata }) =>
        named === undefined ? metadata?.annotations?.[DEFAULT_CLASS] === "true" : metadata?.name === named,
    );
    if (usual && bindsTooSoon(usual, nodes)) {
        const remedy = `A pod with several volumes may find them in different zones. Take a class with volumeBindingMode: WaitForFirstConsumer.`;
        return warning(name, `${usual.metadata?.name} makes volumes before their pods have a node`, remedy);
    }
    if (named !== undefined) return namedClass(name, "storageClass", classes, named);
    if (usual) return ok(name, `${usual.metadata?.name} is the default (${usual.provisioner})`);
    const remedy = `${listed(classes)} Choose one with groundwork:kubernetes.storageClass.`;
    return missing(name, "there is no default one", remedy);
}

/** In one zone, or where nodes have none, it does not matter. */
function bindsTooSoon({ volumeBindingMode = "Immediate" }: V1StorageClass, nodes: V1Node[]): boolean {
    const zones = new Set(nodes.flatMap(({ metadata }) => metadata?.labels?.[ZONE_LABEL] ?? []));
    return volumeBindingMode === "Immediate" && zones.size > 1;
}

/** @param key of the stack's file, below `groundwork:kubernetes` */
export function namedClass(name: string, key: string, classes: V1StorageClass[], named: string): Finding {
    if (classes.some(({ metadata }) => metadata?.name === named))
        return ok(name, `${named}, as groundwork:kubernetes.${key} says`);
    return missing(name, `there is no ${named}, which groundwork:kubernetes.${key} names`, listed(classes));
}

function listed(classes: V1StorageClass[]): string {
    return `The cluster has: ${classes.map(({ metadata }) => metadata?.name ?? "").join(", ") || "none"}.`;
}

/** No API says whether policies are enforced; who is known to enforce them is looked for. */
export function networkPolicies(sets: V1DaemonSet[], nodes: V1Node[]): Finding {
    const name = "  network policies";
    const names = sets.map(({ metadata }) => metadata?.name ?? "");
    const found =
        names.map((set) => ENFORCING[set]).find((network) => network !== undefined) ?? awsAgent(sets) ?? k3s(nodes);
    if (found !== undefined) return ok(name, `enforced by ${found}`);
    const remedy =
        "Without a network that enforces them, every pod reaches every other; Calico and Cilium are two that do.";
    const known = names.map((set) => NOT_ENFORCING[set]).find((network) => network !== undefined);
    if (known !== undefined) return warning(name, `not enforced by ${known}`, remedy);
    return warning(name, "unknown: no network that is known to enforce them was found", remedy);
}

/** Amazon's has an agent for it beside it, which does it when told to. */
function awsAgent(sets: V1DaemonSet[]): string | undefined {
    const containers = sets
        .filter(({ metadata }) => metadata?.name === "aws-node")
        .flatMap(({ spec }) => spec?.template.spec?.containers ?? []);
    const enforces = containers.some(({ args = [] }) => args.includes("--enable-network-policy=true"));
    return enforces ? "the Amazon VPC CNI" : undefined;
}

/** K3s has it in its own process, on every node. */
function k3s(nodes: V1Node[]): string | undefined {
    const versions = nodes.map(({ status }) => status?.nodeInfo?.kubeletVersion ?? "");
    return versions.some((text) => text.includes("+k3s")) ? "K3s" : undefined;
}

async function metrics({ custom }: Cluster): Promise<Finding> {
    const name = "  metrics";
    const remedy = "Install metrics-server; without it replicas do not follow the load, and gw status shows no use.";
    try {
        await custom.listClusterCustomObject({ group: "metrics.k8s.io", version: "v1beta1", plural: "nodes" });
        return ok(name, "metrics.k8s.io answers");
    } catch (error) {
        if (isForbidden(error)) throw error;
        if (isNotFound(error)) return warning(name, "there is no metrics.k8s.io", remedy);
        return warning(name, `metrics.k8s.io answers ${statusOf(error) ?? "nothing"}: ${sayingOf(error)}`, remedy);
    }
}

/** Who may not look is told so, rather than that something is missing. */
async function unlessForbidden(name: string, check: () => Promise<Finding>): Promise<Finding> {
    try {
        return await check();
    } catch (error) {
        if (!isForbidden(error)) throw error;
        return warning(name, `unknown: ${sayingOf(error)}`, "Ask somebody who may look at the whole cluster.");
    }
}
