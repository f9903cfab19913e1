/** What a stack's parts do, in the words that Docker and Kubernetes share. */
import { POOLER, REPLICA } from "../../../../systems/types";

export interface Replica {
    /** The container's name, or the pod's. */
    name: string;
    /** By which the runtime finds it: a container's id, a pod's name. */
    id: string;
    index: number;
    /**
     * `running`; with Docker `exited`, `restarting`, `paused`, `created`, `dead`; with Kubernetes `starting`, `unschedulable`, `waiting`,
     * `exited`; `missing` when only the state has it.
     */
    state: string;
    /** `healthy`, `unhealthy`, `starting`; `none` without a health check. */
    health: string;
    /** What the last failed health check said. */
    healthMessage?: string;
    /** Why it is not well, as the end of a sentence, where the runtime says more than the other fields do. */
    reason?: string;
    /** It is on its way out: another takes its place, or none is wanted any more. Nobody waits for it to be well. */
    leaving?: "terminating" | "replaced";
    exitCode: number;
    outOfMemory: boolean;
    restarts: number;
    /** Seconds since its start; 0 when it does not run. */
    uptimeSeconds: number;
    memoryLimitBytes: number;
    memoryBytes?: number;
    cpuLimit: number;
    /** Cores in use over the last second (Docker) or the last minute (Kubernetes) or so. */
    cpu?: number;
    ports: string[];
}

export interface ServiceStatus {
    service: string;
    component: string;
    image: string;
    /** Built from `images/` in place of the image that the document names. */
    standIn: boolean;
    replicas: Replica[];
}

export interface JobStatus {
    job: string;
    /** `done`, `failed`, `running`, `waiting`. */
    state: string;
    exitCode: number;
    /** Why it failed or waits, where the runtime says more than the exit code does. */
    reason?: string;
}

export interface StackStatus {
    stack: string;
    system: string;
    services: ServiceStatus[];
    jobs: JobStatus[];
}

export type Condition = "healthy" | "unhealthy" | "starting" | "running" | "stopped" | "missing" | "leaving";

/** What people want to know of a replica in one word. */
export function conditionOf(replica: Replica): Condition {
    if (replica.leaving !== undefined) return "leaving";
    if (replica.state === "missing" || replica.state === "starting") return replica.state;
    if (replica.state !== "running") return "stopped";
    if (replica.health === "none") return "running";
    return replica.health as Condition;
}

export function isWell(replica: Replica): boolean {
    return ["healthy", "running", "leaving"].includes(conditionOf(replica));
}

/** A replica that ought to be there. @param reason why it is not, as the end of a sentence */
export function missingReplica(name: string, id: string, reason: string): Replica {
    return {
        name,
        id,
        index: 0,
        state: "missing",
        health: "none",
        reason,
        exitCode: 0,
        outOfMemory: false,
        restarts: 0,
        uptimeSeconds: 0,
        memoryLimitBytes: 0,
        cpuLimit: 0,
        ports: [],
    };
}

/** Stores, and what is beside them. */
const STORES = new Set(["postgres", REPLICA, POOLER, "redis", "memgraph"]);

/** The edge first, then services, then stores. */
export function inOrder(services: Iterable<ServiceStatus>): ServiceStatus[] {
    return [...services].sort((a, b) => rank(a) - rank(b) || a.service.localeCompare(b.service));
}

function rank({ component }: ServiceStatus): number {
    return component === "edge" ? 0 : STORES.has(component) ? 2 : 1;
}
