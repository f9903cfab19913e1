/** Which kinds of object have pods, and where in them. */
import { hasAt, type Raw } from "../core/raw";

export interface Kind {
    /** Empty: the core group. */
    readonly group: string;
    readonly version: string;
    readonly kind: string;
}

/** Where a kind has its pod. */
interface PodPlace {
    readonly groups: readonly string[];
    /** From the object on; of several in the place of one, that which the object has. None: the object is a pod itself. */
    readonly keys: readonly (string | readonly string[])[];
    /** Its containers are added to pods of others, of which nothing else is here. */
    readonly added?: true;
}

const TEMPLATE = ["spec", "template"] as const;
const JOB_TEMPLATE = ["spec", "jobTemplate", ...TEMPLATE] as const;

/** What is written of them with `apiVersion: v1` no cluster takes, and it is judged all the same. */
const CORE = "";

/** By kind. The others than Kubernetes' own: OpenShift, Argo Rollouts, Knative, KEDA, OpenKruise (apps.kruise.io). */
const PODS: Readonly<Record<string, PodPlace>> = {
    Pod: { groups: [""], keys: [] },
    PodTemplate: { groups: [""], keys: ["template"] },
    ReplicationController: { groups: [""], keys: TEMPLATE },
    Deployment: { groups: ["apps", "extensions", CORE], keys: TEMPLATE },
    StatefulSet: { groups: ["apps", "apps.kruise.io", CORE], keys: TEMPLATE },
    DaemonSet: { groups: ["apps", "extensions", "apps.kruise.io", CORE], keys: TEMPLATE },
    ReplicaSet: { groups: ["apps", "extensions", CORE], keys: TEMPLATE },
    Job: { groups: ["batch", CORE], keys: TEMPLATE },
    CronJob: { groups: ["batch", CORE], keys: JOB_TEMPLATE },
    // The core group is how OpenShift named it first.
    DeploymentConfig: { groups: ["apps.openshift.io", ""], keys: TEMPLATE },
    Rollout: { groups: ["argoproj.io"], keys: TEMPLATE },
    Configuration: { groups: ["serving.knative.dev"], keys: TEMPLATE },
    Service: { groups: ["serving.knative.dev"], keys: TEMPLATE },
    ScaledJob: { groups: ["keda.sh"], keys: ["spec", "jobTargetRef", "template"] },
    CloneSet: { groups: ["apps.kruise.io"], keys: TEMPLATE },
    BroadcastJob: { groups: ["apps.kruise.io"], keys: TEMPLATE },
    AdvancedCronJob: {
        groups: ["apps.kruise.io"],
        keys: [...TEMPLATE, ["jobTemplate", "broadcastJobTemplate"], ...TEMPLATE],
    },
    UnitedDeployment: {
        groups: ["apps.kruise.io"],
        keys: [
            ...TEMPLATE,
            ["statefulSetTemplate", "advancedStatefulSetTemplate", "cloneSetTemplate", "deploymentTemplate"],
            ...TEMPLATE,
        ],
    },
    SidecarSet: { groups: ["apps.kruise.io"], keys: [], added: true },
};

/** Kinds that hold pods, as `objectRule` takes them. */
export const WORKLOADS: readonly string[] = Object.entries(PODS).flatMap(([kind, { groups, added }]) =>
    added ? [] : groups.map((group) => qualified({ group, kind })),
);

export function placeOfPod({ group, kind }: Kind): PodPlace | undefined {
    const known = Object.hasOwn(PODS, kind) ? PODS[kind] : undefined;
    return known?.groups.includes(group) ? known : undefined;
}

/** The keys to the pod of an object. @throws what keeps it from being known */
export function keysToPod({ keys }: PodPlace, raw: Raw): string[] {
    const found: string[] = [];
    for (const key of keys) {
        const names = typeof key === "string" ? [key] : key;
        found.push(names.find((name) => hasAt(raw, ...found, name)) ?? names[0]!);
    }
    return found;
}

/** A Rollout may name a Deployment, whose pods it takes over. */
export function hasOthersPods({ kind }: Kind, raw: Raw): boolean {
    return kind === "Rollout" && hasAt(raw, "spec", "workloadRef");
}

export function qualified({ group, kind }: Pick<Kind, "group" | "kind">): string {
    return group === "" ? kind : `${group}/${kind}`;
}
