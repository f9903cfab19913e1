/** A small system with one of everything that a rule looks at, so that these tests do not move with the real systems' data. */
import { loadStackConfig } from "../../../config/load";
import { type ConfigContext, ConfigError } from "../../../config/problems";
import type { StackConfig } from "../../../config/types";
import {
    type Probe,
    type Resources,
    type Service,
    type System,
    SYSTEM_KEYS,
    type SystemKey,
} from "../../../systems/types";

const probe: Probe = {
    kind: "tcp",
    port: 3000,
    intervalSeconds: 5,
    timeoutSeconds: 1,
    retries: 3,
    startPeriodSeconds: 5,
};

function size(memoryLimitMiB: number): { default: Resources } {
    return { default: { cpuLimit: 1, cpuReservation: 0.25, memoryLimitMiB, memoryReservationMiB: 256 } };
}

function service(name: string, overrides: Partial<Service> = {}): Service {
    return {
        name,
        role: "backend",
        image: `sample-${name}`,
        port: 3000,
        replicas: { default: 1 },
        maxReplicas: 4,
        resources: size(512),
        env: [],
        secrets: [],
        mounts: [],
        health: { default: probe },
        dependsOn: [],
        outbound: false,
        user: "1000:1000",
        writable: [],
        ...overrides,
    };
}

const store = { health: { default: probe }, stopGraceSeconds: 30, runAs: "999:999" };

export const SAMPLE: System = {
    key: "debt-os",
    title: "Sample",
    document: "none",
    summary: "For tests",
    services: [
        service("api", {
            env: [
                { name: "MODE", required: true, value: { default: "production" }, description: "Mode" },
                { name: "REGION", required: true, value: { default: "eu" }, description: "Region" },
                { name: "LOG_LEVEL", required: false, documentDefault: "info", description: "Level" },
            ],
            secrets: ["API_KEY", "SIGNING_KEY"],
        }),
        service("files", { dependsOn: ["postgres"], mounts: [{ volume: "files", path: "/data" }] }),
        service("reader", {
            role: "worker",
            command: ["run"],
            mounts: [{ volume: "files", path: "/data", readOnly: true }],
        }),
    ],
    stores: {
        postgres: {
            ...store,
            image: "postgres-15",
            volume: "postgres-data",
            resources: size(1024),
            user: "sample",
            database: "sample",
            extensions: [],
            settings: { shared_buffers: "256MB" },
            shmMiB: 128,
            readReplicas: { default: 0 },
        },
        redis: {
            ...store,
            image: "redis-7",
            volume: "redis-data",
            resources: size(768),
            appendOnly: true,
            appendFsync: "everysec",
            maxMemoryMiB: 512,
            maxMemoryPolicy: "noeviction",
            save: [],
        },
        memgraph: {
            ...store,
            image: "memgraph",
            volume: "memgraph-data",
            logVolume: "memgraph-data",
            resources: size(2048),
            logLevel: "WARNING",
            memoryLimitMiB: { default: 1536, dev: 384 },
            boltPort: 7687,
            monitoringPort: 7444,
            snapshotIntervalSeconds: 300,
            snapshotRetention: 3,
        },
    },
    databases: {
        default: "postgres",
        others: { sqlite: { stores: { sqlite: { service: "files", volume: "files", path: "/data/a.db" } } } },
    },
    volumes: ["postgres-data", "redis-data", "memgraph-data", "files"].map((name) => ({
        name,
        size: { default: 1024 },
        stateful: true,
        shared: false,
        description: name,
    })),
    secrets: [
        {
            name: "API_KEY",
            shape: { kind: "given", example: "sk-..." },
            required: true,
            alternatives: ["OTHER_KEY"],
            description: "AI",
        },
        {
            name: "OTHER_KEY",
            shape: { kind: "given", example: "sk-ant-..." },
            required: true,
            alternatives: ["API_KEY"],
            description: "AI",
        },
        { name: "CHAT_TOKEN", shape: { kind: "given", example: "<token>" }, required: true, description: "Chat" },
        { name: "SIGNING_KEY", shape: { kind: "base64", bytes: 32 }, required: true, description: "Signs" },
        { name: "JWT_SECRET", shape: { kind: "alphanumeric", length: 64 }, required: true, description: "Sessions" },
        {
            name: "DATABASE_URL",
            shape: { kind: "derived", template: "{password:postgres}" },
            required: true,
            description: "Database",
        },
    ],
    edge: {
        routes: [{ service: "api", subdomain: "api" }, { service: "files" }],
        maxBodyMiB: 100,
        devHttpPort: 8090,
        devHttpsPort: 8490,
        resources: size(256),
        image: "caddy",
        mounts: [],
        privatePaths: [],
        accessLog: "/var/log/caddy/access.log",
    },
    migrations: [],
    logs: { level: { default: "info" }, maxFileMiB: 10, maxFiles: 3, retentionDays: {}, files: [] },
    backups: [],
    alerts: [],
    objectives: [{ scenario: "service-crash", rtoSeconds: 300, rpoSeconds: 0, source: "none" }],
    smoke: { health: { service: "api", path: "/health", expect: {} }, deep: [] },
    notes: [],
};

/** The same small system under every key. */
export const SAMPLES = Object.fromEntries(SYSTEM_KEYS.map((key) => [key, { ...SAMPLE, key }])) as Record<
    SystemKey,
    System
>;

export type Values = Record<string, unknown>;

/** As Pulumi hands it over: text for scalars, JSON text for maps. */
export function rawOf(values: Values, namespace = "groundwork:"): Record<string, string> {
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
            namespace + key,
            typeof value === "object" ? JSON.stringify(value) : String(value),
        ]),
    );
}

export const DEV: Values = { system: "debt-os", environment: "dev" };

/** Text that no message may ever hold. */
export const CANARY = "canaryCANARY0123canary";

export const PROD: Values = {
    system: "debt-os",
    environment: "prod",
    domain: "platform.example.com",
    tls: { mode: "acme", email: "platform@example.com" },
    backup: { bucket: { region: "eu-central-1", replicaRegion: "eu-west-1" } },
    images: { overrides: { backup: "registry.example.com/groundwork/backup:1.0.0" } },
    secrets: { API_KEY: `${CANARY}-api`, CHAT_TOKEN: `${CANARY}-chat` },
};

export function load(values: Values, context?: ConfigContext, systems = SAMPLES): StackConfig {
    return loadStackConfig(rawOf(values), systems, context);
}

/** The error that a config is refused with. */
export function refusal(values: Values, context?: ConfigContext): ConfigError {
    return refusalOf(() => load(values, context));
}

export function refusalOf(action: () => unknown): ConfigError {
    try {
        action();
    } catch (error) {
        if (error instanceof ConfigError) return error;
        throw error;
    }
    throw new Error("The config was taken.");
}
