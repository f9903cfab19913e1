/** What a stack takes while everything in it runs: containers on Docker, pods on Kubernetes. Jobs come and go, and are not counted. */
import { asMap, listAt, MalformedError, mapAt, numberAt, type Raw, textAt, valueAt } from "../core/raw";
import type { Resource, Stack } from "../core/resource";
import { type Report, ruleFor, type StackUnit } from "../core/rule";
import { CONTAINER, isJob } from "../docker/containers";
import { scaleTargetOf } from "../kubernetes/availability/scaling";
import { containersIn, kindOf, objectOf, podIn } from "../kubernetes/objects";
import { qualified } from "../kubernetes/pod-places";
import { quantity } from "../kubernetes/quantity";
import { nameOf, namespaceOf, serves } from "../kubernetes/workloads";

const GIB = 2 ** 30;

export interface WholeStack extends StackUnit {
    readonly stack: Stack;
}

/** Looks at a stack as one: not at files, of which nobody says that they run together. */
export const wholeStackRule = ruleFor<WholeStack>({
    scope: "stack",
    units: (stack) => ({
        units: stack.resources.some(({ urn }) => urn !== undefined) ? [{ path: "", stack }] : [],
        unknown: [],
        malformed: [],
    }),
});

export interface Footprint {
    /** Processors. */
    cpu: number;
    memoryGiB: number;
    /** What claims on Kubernetes ask for. A volume on Docker has no size. */
    storageGiB: number;
    loadBalancers: number;
    /** Keys in KMS. */
    keys: number;
}

/** What is known of it: what one resource does not say yet is noted, and left out. */
export function footprintOf(stack: Stack, report: Report): Footprint {
    const total: Footprint = { cpu: 0, memoryGiB: 0, storageGiB: 0, loadBalancers: 0, keys: 0 };
    const most = autoscaled(stack, report);
    for (const resource of stack.resources) {
        report.attempt(() => {
            if (resource.type === CONTAINER) addContainer(resource.props, total);
            else if (resource.type === "aws:kms/key:Key") total.keys++;
            else if (kindOf(resource.type)) addObject(resource, most, total);
        });
    }
    return total;
}

function addContainer(raw: Raw, total: Footprint): void {
    if (isJob(raw)) return;
    total.cpu += Number(valueAt(raw, "cpus") ?? 0) || 0;
    total.memoryGiB += (numberAt(raw, "memory") ?? 0) / 1024;
}

function addObject(resource: Resource, most: ReadonlyMap<string, number>, total: Footprint): void {
    const object = objectOf(resource);
    const { kind, raw } = object;
    if (kind === "Service" && textAt(raw, "spec", "type") === "LoadBalancer") total.loadBalancers++;
    if (kind === "PersistentVolumeClaim") total.storageGiB += requestedGiB(raw);
    const pod = podIn(object);
    if (!pod || kind === "PodTemplate") return;
    const replicas =
        most.get(key(qualified(object), namespaceOf(object), nameOf(object))) ?? numberAt(raw, "spec", "replicas") ?? 1;
    for (const container of containersIn(pod).filter(serves)) {
        const { cpu, memory } = mapAt(container.raw, "resources", "limits");
        total.cpu += replicas * amount(cpu);
        total.memoryGiB += (replicas * amount(memory)) / GIB;
    }
    listAt(raw, "spec", "volumeClaimTemplates").forEach((claim, n) => {
        total.storageGiB += replicas * requestedGiB(asMap(claim, `spec.volumeClaimTemplates[${n}]`));
    });
}

/** The most replicas that an autoscaler makes, by what it scales. */
function autoscaled(stack: Stack, report: Report): Map<string, number> {
    const most = new Map<string, number>();
    for (const resource of stack.resources) {
        if (kindOf(resource.type)?.kind !== "HorizontalPodAutoscaler") continue;
        report.attempt(() => {
            const object = objectOf(resource);
            const target = scaleTargetOf(object);
            most.set(
                key(target.kind, namespaceOf(object), target.name),
                numberAt(object.raw, "spec", "maxReplicas") ?? 1,
            );
        });
    }
    return most;
}

function key(kind: string, namespace: string, name: string): string {
    return `${kind}/${namespace}/${name}`;
}

function requestedGiB(claim: Raw): number {
    return amount(valueAt(claim, "spec", "resources", "requests", "storage")) / GIB;
}

function amount(value: unknown): number {
    if (value === undefined || value === null) return 0;
    try {
        return quantity(String(value));
    } catch {
        throw new MalformedError("", "a quantity", value);
    }
}
