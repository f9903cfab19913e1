/** Backend, Frontend, Worker and Migrations on the Docker target. Cannot prove: see harness.ts; and that a command runs. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Backend } from "../../../components/backend";
import { Frontend } from "../../../components/frontend";
import { Migrations } from "../../../components/migrations";
import type { ServiceSettings } from "../../../components/settings/service";
import type { ServiceArgs } from "../../../components/service";
import { Worker } from "../../../components/worker";
import { dockerTarget, LOGS, PROBE, RESOURCES, thrown } from "./fixtures";
import { record, secret } from "./harness";

const CONTAINER = "docker:index/container:Container";

function settings(changes: Partial<ServiceSettings> = {}): ServiceSettings {
    return {
        name: "api",
        role: "backend",
        image: "debt-os-api",
        port: 3001,
        replicas: 1,
        maxReplicas: 4,
        resources: RESOURCES,
        env: { PORT: "3001" },
        secrets: ["JWT_SECRET"],
        secretDelivery: "file",
        mounts: [],
        health: { ...PROBE, kind: "http", path: "/health", port: 3001, client: "curl" },
        dependsOn: [],
        segments: ["data", "edge"],
        storeSegments: ["data"],
        user: "10001:10001",
        writable: ["/tmp"],
        ...changes,
    };
}

/** Also makes the networks, and the volume `files`. */
function serviceArgs(own: ServiceSettings, shared = true): ServiceArgs {
    const target = dockerTarget();
    for (const segment of ["data", "edge", "egress"] as const) {
        target.network({ segment, isolated: segment === "data" }, {});
    }
    return {
        settings: own,
        image: "sha256:api",
        secrets: { JWT_SECRET: pulumi.secret("canary") },
        volumes: { files: target.volume({ name: "files", sizeMiB: 100, stateful: true, shared }, {}) },
        logs: LOGS,
        target,
        after: [],
    };
}

describe("a backend", () => {
    test("is a container for each replica, on its networks under its own and their common name", async () => {
        const [backend, recording] = await record(
            () => new Backend("gw-test-api", serviceArgs(settings({ replicas: 2 }))),
        );
        expect(recording.counts()).toMatchObject({
            "groundwork:services:Backend": 1,
            // Two replicas and the filler of their files.
            [CONTAINER]: 3,
            // For both.
            "command:local:Command": 1,
        });
        expect(backend.workload.hosts).toEqual(["api-0", "api-1"]);
        const second = recording.one("gw-test-api-1");
        expect(second).toMatchObject({
            parent: "gw-test-api",
            // Its successor is healthy before it goes, whatever the provider would do.
            deleteBeforeReplace: false,
            replaceOnChanges: ["healthcheck", "init", "tmpfs"],
        });
        expect(second.inputs).not.toHaveProperty("name");
        expect(second.inputs).toMatchObject({
            networksAdvanced: [
                { name: "gw-test-data-id", aliases: ["api", "api-1"] },
                { name: "gw-test-edge-id", aliases: ["api", "api-1"] },
            ],
            ports: [],
            wait: true,
            waitTimeout: 105,
            restart: "unless-stopped",
            init: true,
            stopSignal: "SIGTERM",
            stopTimeout: 30,
        });
        expect(recording.one("gw-test-api-pids").inputs).toMatchObject({
            environment: { CONTAINERS: "gw-test-api-0-id gw-test-api-1-id", PIDS_LIMIT: "512" },
        });
    });

    test("finds a secret in a file that a variable names, and nowhere else", async () => {
        const [, recording] = await record(() => new Backend("gw-test-api", serviceArgs(settings())));
        expect(recording.one("gw-test-api-0").inputs.envs).toEqual([
            "JWT_SECRET_FILE=/run/secrets/JWT_SECRET",
            "PORT=3001",
        ]);
        expect(recording.one("gw-test-api-run-secrets-files").inputs.uploads).toMatchObject([
            { file: "/run/secrets/JWT_SECRET", content: secret("canary"), permissions: "0440" },
        ]);
        expect(recording.plainText()).not.toContain("canary");
    });

    test("whose program reads variables only has them exported by a shell that becomes it", async () => {
        const own = settings({ secretDelivery: "export", command: ["node", "main.js"] });
        const [, recording] = await record(() => new Backend("gw-test-api", serviceArgs(own)));
        const { entrypoints, command, envs } = recording.one("gw-test-api-0").inputs;
        expect(entrypoints).toEqual([
            "/bin/sh",
            "-ec",
            'for file in /run/secrets/*; do value=$(cat "$file"); export "$(basename "$file")=$value"; done; exec "$@"',
            "sh",
        ]);
        expect(command).toEqual(["node", "main.js"]);
        expect(envs).toEqual(["PORT=3001"]);
    });

    test("gets a volume that belongs to its user before it starts", async () => {
        const own = settings({ mounts: [{ volume: "files", path: "/app/files" }] });
        const [, recording] = await record(() => new Backend("gw-test-api", serviceArgs(own)));
        const job = recording.one("gw-test-api-own");
        expect(job.inputs).toMatchObject({
            user: "0:0",
            capabilities: { adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE"], drops: ["ALL"] },
            networkMode: "none",
            start: false,
        });
        expect((job.inputs.entrypoints as string[]).slice(3)).toEqual(["sh", "10001:10001", "/app/files"]);
        expect(recording.one("gw-test-api-0").dependencies).toContain("gw-test-api-own-run");
    });

    test("says everything that is wrong at once", async () => {
        const own = settings({
            replicas: 9,
            secretDelivery: "export",
            secrets: ["JWT_SECRET", "GONE"],
            mounts: [
                { volume: "files", path: "/a" },
                { volume: "nowhere", path: "/b" },
            ],
            resources: { ...RESOURCES, memoryLimitMiB: 4, cpuLimit: 0 },
        });
        const [error] = await record(() => thrown(() => new Backend("gw-test-api", serviceArgs(own, false))));
        expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
        for (const part of [
            "settings.replicas: 9 is more than the 4",
            "settings.command: must be given when secrets are exported",
            "secrets.GONE: its value is missing",
            "volumes.nowhere: it is mounted but not given",
            '9 replicas cannot write to the volume "files"',
            "resources.cpuLimit: must be above 0",
            "resources.memoryLimitMiB: must be at least 6",
            "resources.memoryReservationMiB: 256 is above the limit of 4",
        ]) {
            expect(error.message).toContain(part);
        }
    });
});

test("a frontend without secrets has no files and no supplementary group", async () => {
    const own = settings({ name: "web", role: "frontend", secrets: [], segments: ["edge"] });
    const [, recording] = await record(() => new Frontend("gw-test-web", serviceArgs(own)));
    expect(recording.counts()).toMatchObject({ "groundwork:services:Frontend": 1, [CONTAINER]: 1 });
    const { inputs } = recording.one("gw-test-web-0");
    expect(inputs).not.toHaveProperty("groupAdds");
    expect(inputs).toMatchObject({
        networksAdvanced: [{ name: "gw-test-edge-id", aliases: ["web", "web-0"] }],
        mounts: [],
    });
});

test("a worker is away from the edge", async () => {
    const own = settings({ name: "worker", role: "worker", segments: ["data", "egress"], port: undefined });
    const [, recording] = await record(() => new Worker("gw-test-worker", serviceArgs(own)));
    expect(recording.counts()).toMatchObject({ "groundwork:services:Worker": 1 });
    expect(recording.one("gw-test-worker-0").inputs.networksAdvanced).toMatchObject([
        { name: "gw-test-data-id" },
        { name: "gw-test-egress-id" },
    ]);
});

describe("migrations", () => {
    const migration = (name: string) => ({ name, service: "api", command: ["npm", "run", name], timeoutSeconds: 600 });

    function migrations(...names: string[]) {
        const { image, secrets, volumes, logs, target, settings: own } = serviceArgs(settings());
        const store = new pulumi.ComponentResource("test:index:Store", "store", {});
        return new Migrations("gw-test-migrations", {
            steps: names.map((name) => ({ migration: migration(name), settings: own, image, secrets, volumes })),
            logs,
            target,
            after: [store],
        });
    }

    test("run in the service's image, one after the other, after the stores, and share the service's files", async () => {
        const [made, recording] = await record(() => migrations("migrate", "seed"));
        expect(recording.ofType(CONTAINER).map((c) => c.name)).toEqual([
            "gw-test-api-run-secrets-files",
            "gw-test-api-migrate",
            "gw-test-api-seed",
        ]);
        expect(recording.one("gw-test-api-seed").dependencies).toContain("gw-test-api-migrate-run");
        expect(recording.one("gw-test-api-migrate").inputs).toMatchObject({
            command: ["npm", "run", "migrate"],
            envs: ["JWT_SECRET_FILE=/run/secrets/JWT_SECRET", "PORT=3001"],
            networksAdvanced: [{ name: "gw-test-data-id", aliases: [] }],
            start: false,
            restart: "no",
            healthcheck: { tests: ["NONE"] },
        });
        expect(made.done).toHaveLength(1);
    });

    test("run again when the image or the command is another, and keep their output to themselves", async () => {
        const [, recording] = await record(() => migrations("migrate"));
        const run = recording.one("gw-test-api-migrate-run");
        expect(run.inputs).toMatchObject({
            triggers: ["gw-test-api-migrate-id", "npm run migrate", "sha256:api"],
            environment: { CONTAINER: "gw-test-api-migrate-id", SECONDS_LIMIT: "600", PIDS_LIMIT: "512" },
            logging: "none",
        });
        expect(run.additionalSecretOutputs).toEqual(["stdout", "stderr"]);
    });

    test("with the same name twice or without a command are an error", async () => {
        const [error] = await record(() => thrown(() => migrations("migrate", "migrate")));
        expect(error.message).toContain('"migrate" is the name of two migrations of "api"');
    });
});
