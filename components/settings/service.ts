/**
 * What a stack runs of a service: what the system says in this environment, and what the stack's config says differently.
 * Here as in all of this folder, plain functions from data to data, so that the components get final values.
 */
import type { ServiceOverrides, StackConfig } from "../../config/types";
import { inEnvironment, type Mount, type Probe, type Resources, type Service, type System } from "../../systems/types";
import type { AutoscaleSpec, Segment } from "../spec";
import { resolveEnv } from "./env";
import { resolveResources } from "./resources";
import { secretSources } from "./secrets";
import { serviceSegments, storeSegments } from "./segments";

/** OpenCode's Capacity Planning: "CPU > 70% sustained: Add backend replicas". The document that scales by itself names no figure. */
const AUTOSCALE_CPU_PERCENT = 70;

/** A service with nothing left to decide. */
export interface ServiceSettings {
    name: string;
    role: Service["role"];
    /** Key in the catalog. */
    image: string;
    command?: string[];
    port?: number;
    /** At the start, where it follows the load. */
    replicas: number;
    /** Absent where the number of replicas is fixed. */
    autoscale?: AutoscaleSpec;
    maxReplicas: number;
    resources: Resources;
    env: Record<string, string>;
    /** Names of the secrets that exist in this stack. */
    secrets: string[];
    secretDelivery: "file" | "export";
    mounts: Mount[];
    health: Probe;
    readiness?: Probe;
    liveness?: Probe;
    metricsPath?: string;
    dependsOn: string[];
    segments: Segment[];
    /** Segments of a process that uses the same stores and does nothing else. */
    storeSegments: Segment[];
    user: string;
    writable: string[];
}

export function resolveService(service: Service, system: System, config: StackConfig): ServiceSettings {
    const { environment } = config;
    const overrides: ServiceOverrides = config.services[service.name] ?? {};
    const sources = secretSources(system, config);
    return {
        name: service.name,
        role: service.role,
        image: service.image,
        command: overrides.command ?? service.command,
        port: service.port,
        replicas: overrides.replicas ?? inEnvironment(service.replicas, environment),
        autoscale: resolveAutoscale(service, config),
        maxReplicas: service.maxReplicas,
        resources: resolveResources(service.resources, overrides.resources, config),
        env: resolveEnv(service, system, config),
        secrets: service.secrets.filter((name) => sources[name] !== undefined && sources[name] !== "absent"),
        secretDelivery: overrides.secretDelivery ?? "file",
        mounts: service.mounts,
        health: inEnvironment(service.health, environment),
        readiness: service.readiness && inEnvironment(service.readiness, environment),
        liveness: service.liveness && inEnvironment(service.liveness, environment),
        metricsPath: service.metricsPath,
        dependsOn: service.dependsOn,
        segments: serviceSegments(service, system),
        storeSegments: storeSegments(service.dependsOn, system),
        user: service.user,
        writable: service.writable,
    };
}

/** Where the document gives a range of replicas. Not in dev, which runs one, and not where the stack says how many. */
function resolveAutoscale(service: Service, config: StackConfig): AutoscaleSpec | undefined {
    const range = service.scaling?.replicas;
    if (!range || config.environment === "dev" || config.services[service.name]?.replicas !== undefined) {
        return undefined;
    }
    return { min: range[0], max: range[1], cpuPercent: AUTOSCALE_CPU_PERCENT };
}
