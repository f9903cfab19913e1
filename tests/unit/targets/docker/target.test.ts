/**
 * The Docker target on its own: the exact inputs of what it makes. Cannot prove: see components/harness.ts; and that the provider reads
 * back what is set here, which the second, empty previews of tests/e2e and tests/engine do.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test } from "vitest";

import type { JobSpec, WorkloadSpec } from "../../../../components/spec";
import { RUN_JOB } from "../../../../targets/docker/commands";
import { dockerTarget, LOGS, PROBE, RESOURCES, thrown } from "../../components/fixtures";
import { record, secret } from "../../components/harness";

const CONTAINER = "docker:index/container:Container";

function common(): Omit<JobSpec, "name" | "triggers" | "timeoutSeconds"> {
    return {
        component: "backend",
        image: "sha256:image",
        env: {},
        files: [],
        mounts: [],
        tmpfs: [],
        resources: RESOURCES,
        pidsLimit: 100,
        security: { user: "10001:10001", addCapabilities: [], readOnlyRoot: true },
        segments: ["edge"],
        stopGraceSeconds: 10,
        logs: { maxFileMiB: LOGS.maxFileMiB, maxFiles: LOGS.maxFiles },
    };
}

function workload(changes: Partial<WorkloadSpec> = {}): WorkloadSpec {
    return {
        ...common(),
        name: "app",
        replicas: 1,
        ports: [],
        health: PROBE,
        exclusive: false,
        waitSeconds: 60,
        ...changes,
    };
}

function run(spec: WorkloadSpec, options: { host?: string } = {}) {
    const target = dockerTarget(options);
    target.network({ segment: "edge", isolated: false }, {});
    return target.workload(spec, {});
}

test("the inputs of a container, all of them", async () => {
    const spec = workload({
        args: ["serve"],
        env: { B: "2", A: pulumi.output("1") },
        tmpfs: [
            { path: "/tmp", sizeMiB: 64 },
            { path: "/cache", sizeMiB: 8, mode: "0700" },
        ],
        ports: [{ name: "http", port: 80, protocol: "tcp", publish: { address: "127.0.0.1", port: 8080 } }],
        security: { user: "1:2", addCapabilities: ["NET_BIND_SERVICE"], readOnlyRoot: true },
    });
    const [, recording] = await record(() => run(spec));
    expect(recording.one("gw-test-app-0").inputs).toEqual({
        image: "sha256:image",
        command: ["serve"],
        envs: ["A=1", "B=2"],
        labels: [
            { label: "dev.groundwork.component", value: "backend" },
            { label: "dev.groundwork.environment", value: "dev" },
            { label: "dev.groundwork.replica", value: "0" },
            { label: "dev.groundwork.service", value: "app" },
            { label: "dev.groundwork.stack", value: "test" },
            { label: "dev.groundwork.system", value: "debt-os" },
            { label: "dev.groundwork.version", value: "1.2.3" },
        ],
        user: "1:2",
        readOnly: true,
        privileged: false,
        capabilities: { adds: ["CAP_NET_BIND_SERVICE"], drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        ipcMode: "private",
        memory: 1024,
        memorySwap: 1024,
        memoryReservation: 256,
        cpus: "1.0",
        cpuShares: 256,
        shmSize: 64,
        tmpfs: { "/cache": "size=8m,mode=0700", "/tmp": "size=64m,mode=1777" },
        mounts: [],
        networkMode: "bridge",
        networksAdvanced: [{ name: "gw-test-edge-id", aliases: ["app", "app-0"] }],
        publishAllPorts: false,
        ports: [{ internal: 80, external: 8080, ip: "127.0.0.1", protocol: "tcp" }],
        logDriver: "json-file",
        logOpts: { "max-file": "3", "max-size": "10m" },
        stopSignal: "SIGTERM",
        stopTimeout: 10,
        destroyGraceSeconds: 10,
        attach: false,
        logs: false,
        rm: false,
        stdinOpen: false,
        tty: false,
        healthcheck: { tests: ["CMD", "true"], interval: "10s", timeout: "5s", retries: 3, startPeriod: "30s" },
        restart: "unless-stopped",
        init: true,
        start: true,
        mustRun: true,
        wait: true,
        waitTimeout: 60,
    });
});

describe("files", () => {
    const files = [
        { path: "/run/secrets/B", content: pulumi.secret("canary b"), secret: true },
        { path: "/run/secrets/A", content: pulumi.secret("canary a"), secret: true },
        { path: "/etc/app/app.conf", content: "plain", secret: false },
    ];

    test("are a volume and a container that is never started for each directory, mounted read-only", async () => {
        const [, recording] = await record(() => run(workload({ files })));
        expect(recording.counts()).toMatchObject({ "docker:index/volume:Volume": 2, [CONTAINER]: 3 });
        expect(recording.one("gw-test-app-run-secrets-files")).toMatchObject({
            deleteBeforeReplace: false,
            inputs: {
                image: "sha256:image",
                start: false,
                mustRun: false,
                restart: "no",
                networkMode: "none",
                readOnly: false,
                capabilities: { drops: ["ALL"] },
                mounts: [{ type: "volume", target: "/run/secrets", readOnly: false }],
                uploads: [
                    { file: "/run/secrets/A", content: secret("canary a"), permissions: "0440", executable: false },
                    { file: "/run/secrets/B", content: secret("canary b"), permissions: "0440", executable: false },
                ],
            },
        });
        expect(recording.one("gw-test-app-etc-app-files").inputs.uploads).toEqual([
            { file: "/etc/app/app.conf", content: "plain", permissions: "0444", executable: false },
        ]);
        expect(recording.one("gw-test-app-0").inputs.mounts).toMatchObject([
            { target: "/etc/app", readOnly: true, type: "volume" },
            { target: "/run/secrets", readOnly: true, type: "volume" },
        ]);
    });

    test("replace who reads them when they change: by the id of the container that filled them", async () => {
        const [, recording] = await record(() => run(workload({ files })));
        expect(recording.one("gw-test-app-0").inputs.labels).toEqual(
            expect.arrayContaining([
                { label: "dev.groundwork.files.etc-app", value: "gw-test-app-etc-app-files-id" },
                { label: "dev.groundwork.files.run-secrets", value: "gw-test-app-run-secrets-files-id" },
            ]),
        );
    });

    test("leave no trace of a secret's text in a label, and another volume for another set of names", async () => {
        const [, recording] = await record(() => run(workload({ files })));
        const label = (name: string) =>
            (recording.one(name).inputs.labels as { label: string; value: string }[]).find((l) =>
                l.label.endsWith(".files"),
            )!.value;
        expect(label("gw-test-app-run-secrets")).toBe("A,B");
        expect(label("gw-test-app-etc-app")).toMatch(/^app\.conf@[0-9a-f]{12}$/);
        expect(recording.plainText()).not.toContain("canary");
        // Made by the provider, so that two can be there at once.
        expect(recording.one("gw-test-app-run-secrets").inputs).not.toHaveProperty("name");
    });

    test("are read by a group that the container joins only where it has secrets", async () => {
        const [, secrets] = await record(() => run(workload({ files })));
        expect(secrets.one("gw-test-app-0").inputs.groupAdds).toEqual(["0"]);
        const [, plain] = await record(() => run(workload({ files: files.slice(2) })));
        expect(plain.one("gw-test-app-0").inputs).not.toHaveProperty("groupAdds");
    });
});

test("a volume is given to its user once, however many mount it", async () => {
    const [, recording] = await record(() => {
        const target = dockerTarget();
        target.network({ segment: "edge", isolated: false }, {});
        const volume = target.volume({ name: "shared", sizeMiB: 1, stateful: false, shared: true }, {});
        const mounts = [{ volume, path: "/shared", readOnly: false, own: true }];
        target.workload(workload({ mounts }), {});
        target.workload(workload({ name: "other", mounts }), {});
    });
    expect(recording.all.filter((r) => r.name.endsWith("-own")).map((r) => r.name)).toEqual(["gw-test-app-own"]);
    expect(recording.one("gw-test-other-0").dependencies).toContain("gw-test-app-own-run");
});

test("on another machine's engine, commands on this one speak to it", async () => {
    const [, recording] = await record(() => run(workload(), { host: "ssh://deploy@host" }));
    expect(recording.one("docker").inputs).toEqual({ host: "ssh://deploy@host" });
    expect(recording.one("gw-test-app-pids").inputs).toMatchObject({
        create: 'docker update --pids-limit "$PIDS_LIMIT" $CONTAINERS >/dev/null',
        environment: { DOCKER_HOST: "ssh://deploy@host", CONTAINERS: "gw-test-app-0-id", PIDS_LIMIT: "100" },
    });
});

test("what is attached to a network that is not made is an error", async () => {
    const [error] = await record(() => thrown(() => dockerTarget().workload(workload(), {})));
    expect(error.message).toBe('The network segment "edge" must be made before what is attached to it.');
});

/** The script, with a `docker` that plays its part and notes how it was called. */
describe("running a job", () => {
    const directories: string[] = [];
    afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

    function runJob(docker: { start?: string; logs?: string }, seconds = "5") {
        const directory = mkdtempSync(join(tmpdir(), "gw-job-"));
        directories.push(directory);
        const script = `#!/bin/sh
echo "$1" >>"${directory}/calls"
case $1 in
start) ${docker.start ?? "true"} ;;
logs) ${docker.logs ?? "true"} ;;
esac
`;
        writeFileSync(join(directory, "docker"), script);
        chmodSync(join(directory, "docker"), 0o755);
        const env = {
            PATH: `${directory}:${process.env.PATH}`,
            CONTAINER: "id",
            PIDS_LIMIT: "10",
            SECONDS_LIMIT: seconds,
        };
        return spawnSync("/bin/sh", ["-c", RUN_JOB], { env, encoding: "utf8" });
    }

    test("says nothing when it succeeds", () => {
        expect(runJob({ start: "echo a secret" })).toMatchObject({ status: 0, stdout: "", stderr: "" });
    });

    test("says its last lines when it fails, with its exit code", () => {
        const logs = "echo before it was attached to; echo boom";
        expect(runJob({ start: "echo boom; exit 3", logs })).toMatchObject({
            status: 3,
            stdout: "",
            stderr: "It ended with exit code 3. Its last lines:\nbefore it was attached to\nboom\n",
        });
    });

    test("says what Docker said when it could not start and so logged nothing", () => {
        const { status, stderr } = runJob({ start: "echo no such command >&2; exit 127" });
        expect(status).toBe(127);
        expect(stderr).toBe("It ended with exit code 127. Its last lines:\nno such command\n");
    });

    test("stops it when its time is up", () => {
        const result = runJob({ start: "echo begun; exec sleep 30" }, "1");
        expect(result.status).toBe(124);
        expect(result.stderr).toContain("did not end within 1 seconds and was stopped");
    });
});
