/** The docker provider beside the real one, the plugin of `@pulumi/docker`: the same inputs, outputs and plans. */
import Docker from "dockerode";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { PropertyMap, ProviderContext } from "../../../packages/engine/src/provider";
import { dockerProvider } from "../../../packages/engine/src/providers/docker/index";
import { findPlugin, startPlugin, type RealProvider } from "./support/real-provider";
import { buildTinyImage } from "./support/tiny-image";

const PREFIX = `gw-parity-${process.pid}`;
const IMAGE = `${PREFIX}:1`;
const docker = new Docker();

/** Outputs that differ from run to run, or that only the bridge itself uses. */
const OWN = [
    "__meta",
    "__pulumi_raw_state_delta",
    "id",
    "networkDatas",
    "hostname",
    "name",
    "mountpoint",
    "ipamConfigs",
];

const TYPES = {
    container: "docker:index/container:Container",
    network: "docker:index/network:Network",
    volume: "docker:index/volume:Volume",
    image: "docker:index/remoteImage:RemoteImage",
};
type Kind = keyof typeof TYPES;

const urnOf = (kind: Kind): string => `urn:pulumi:test::parity::${TYPES[kind]}::thing`;

const contextOf = (kind: Kind): ProviderContext => ({
    urn: urnOf(kind),
    name: "thing",
    type: TYPES[kind],
    config: {},
    log: () => undefined,
    signal: new AbortController().signal,
});

const labels = [
    { label: "system", value: "debt-os" },
    { label: "component", value: "api" },
];

/** As a platform's container is written. */
const full: PropertyMap = {
    image: IMAGE,
    name: `${PREFIX}-full`,
    command: ["sleep", "300"],
    envs: ["B=2", "A=1"],
    labels,
    uploads: [
        { file: "/etc/a", content: "hello", permissions: "0400" },
        { file: "/etc/b", contentBase64: "aGk=" },
    ],
    mounts: [{ type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576, mode: 1023 } }],
    volumes: [{ volumeName: `${PREFIX}-data`, containerPath: "/data" }],
    tmpfs: { "/run": "size=1m,mode=1777" },
    ports: [{ internal: 80, external: 18731, ip: "127.0.0.1" }],
    user: "0:0",
    capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 64,
    memorySwap: 64,
    cpus: "0.5",
    ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
    shmSize: 32,
    restart: "unless-stopped",
    healthcheck: { tests: ["CMD", "true"], interval: "30s", timeout: "3s", retries: 3 },
    logDriver: "json-file",
    logOpts: { "max-size": "10m" },
    stopSignal: "SIGTERM",
    stopTimeout: 3,
    init: true,
    hosts: [{ host: "elsewhere", ip: "10.1.2.3" }],
    sysctls: { "net.core.somaxconn": "1024" },
    destroyGraceSeconds: 1,
};

const CASES: Record<string, { kind: Kind; news: PropertyMap }> = {
    "a full container": { kind: "container", news: full },
    "a bare container": {
        kind: "container",
        news: { image: IMAGE, name: `${PREFIX}-bare`, command: ["sleep", "300"] },
    },
    "a job": {
        kind: "container",
        news: {
            image: IMAGE,
            name: `${PREFIX}-job`,
            command: ["sh", "-c", "echo done"],
            attach: true,
            logs: true,
            mustRun: false,
        },
    },
    "a network": { kind: "network", news: { name: `${PREFIX}-net`, labels, internal: true } },
    "a volume": { kind: "volume", news: { name: `${PREFIX}-vol`, labels } },
    "an image": { kind: "image", news: { name: IMAGE, keepLocally: true } },
};

/** What a program may change, and which plan both must make of it. */
const CHANGES: Record<string, PropertyMap> = {
    "another image": { image: "other:1" },
    "another command": { command: ["sleep", "400"] },
    "a changed variable": { envs: ["B=2", "A=2"] },
    "variables in another order": { envs: ["A=1", "B=2"] },
    "a changed label": { labels: [labels[0]!, { label: "component", value: "web" }] },
    "a changed file": { uploads: [{ file: "/etc/a", content: "changed", permissions: "0400" }] },
    "another mount": { mounts: [{ type: "tmpfs", target: "/elsewhere" }] },
    "another volume": { volumes: [{ volumeName: "other", containerPath: "/data" }] },
    "another port": { ports: [{ internal: 80, external: 18732, ip: "127.0.0.1" }] },
    "another user": { user: "1:1" },
    "other capabilities": { capabilities: { drops: ["ALL"] } },
    "more memory": { memory: 128, memorySwap: 128 },
    "more cpu": { cpus: "1.0" },
    "cpu shares": { cpuShares: 512 },
    "another limit": { ulimits: [{ name: "nofile", soft: 2048, hard: 2048 }] },
    "more shared memory": { shmSize: 64 },
    "another restart policy": { restart: "always" },
    retries: { restart: "on-failure", maxRetryCount: 3 },
    "other log options": { logOpts: { "max-size": "20m" } },
    "another stop timeout": { stopTimeout: 30 },
    "another grace": { destroyGraceSeconds: 30 },
    "another host": { hosts: [] },
    "another sysctl": { sysctls: { "net.core.somaxconn": "2048" } },
    "a hostname": { hostname: "here" },
    "need not run": { mustRun: false },
    wait: { wait: true, waitTimeout: 90 },
    "another name": { name: "other" },
    "read-only": { readOnly: true, uploads: [] },
};

/** What the real provider records and leaves undone, as Docker cannot change it on a living container: this one replaces. */
const STRICTER: Record<string, PropertyMap> = {
    "another health check": { healthcheck: { tests: ["CMD", "false"] } },
    "another tmpfs": { tmpfs: { "/run": "size=2m" } },
    "no init": { init: false },
    "removed when it ends": { rm: true },
};

let real: RealProvider | undefined;
let why = "";

beforeAll(async () => {
    const plugin = findPlugin("docker", dockerProvider.version);
    if (plugin === undefined) why = "no pulumi-resource-docker on PATH or in PULUMI_HOME";
    else if (
        !(await docker.ping().then(
            () => true,
            () => false,
        ))
    )
        why = "no Docker engine answers";
    else {
        real = await startPlugin(plugin);
        await buildTinyImage(docker, IMAGE);
    }
});

beforeEach((test) => {
    if (!real) test.skip(why);
});

afterAll(async () => {
    if (!real) return;
    real.stop();
    await docker.getVolume(`${PREFIX}-data`).remove({ force: true });
    await docker.getImage(IMAGE).remove({ force: true });
});

function visible(outputs: PropertyMap): PropertyMap {
    return Object.fromEntries(Object.entries(outputs).filter(([key]) => !OWN.includes(key)));
}

/** Sets have no order; the real provider's is that of a hash. */
function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value === "object" && value !== null)
        return Object.fromEntries(
            Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, item]) => [key, sorted(item)]),
        );
    return value;
}

describe.each(Object.entries(CASES))("%s", (_title, { kind, news }) => {
    it("is checked to the same inputs, made to the same outputs, and taken over without a change", async () => {
        const ctx = contextOf(kind);
        const theirs = await real!.check(ctx.urn, {}, news);
        const ours = await dockerProvider.check(ctx, undefined, news, Buffer.alloc(32));
        expect(theirs.failures).toEqual([]);
        expect(ours.failures).toEqual([]);
        expect(sorted(ours.inputs)).toEqual(sorted(theirs.inputs));

        const made = await real!.create(ctx.urn, theirs.inputs);
        await real!.delete(ctx.urn, made.id, made.outputs);
        const own = await dockerProvider.create(ctx, ours.inputs);
        const state = { inputs: ours.inputs, outputs: own.outputs };
        try {
            expect(Object.keys(own.outputs).sort()).toEqual(
                Object.keys(made.outputs)
                    .filter((key) => key !== "__pulumi_raw_state_delta")
                    .sort(),
            );
            expect(sorted(visible(own.outputs))).toEqual(sorted(visible(made.outputs)));
            // `pulumi stack import`: the real provider finds nothing to do in a state of ours, and ours nothing in one of its.
            expect((await real!.diff(ctx.urn, own.id, state, ours.inputs)).properties).toEqual([]);
            const refreshed = await real!.read(ctx.urn, own.id, state);
            expect((await real!.diff(ctx.urn, own.id, refreshed, ours.inputs)).properties).toEqual([]);
            const foreign = { inputs: theirs.inputs, outputs: made.outputs };
            expect((await dockerProvider.diff(ctx, made.id, foreign, theirs.inputs)).detailed).toEqual({});
        } finally {
            await dockerProvider.delete(ctx, own.id, state);
        }
    });
});

describe("a change of a container", () => {
    const ctx = contextOf("container");
    let state: { inputs: PropertyMap; outputs: PropertyMap };
    let id = "";

    beforeAll(async () => {
        if (!real) return;
        const { inputs } = await dockerProvider.check(ctx, undefined, full, Buffer.alloc(32));
        const made = await dockerProvider.create(ctx, inputs);
        id = made.id;
        state = { inputs, outputs: made.outputs };
    });

    afterAll(async () => {
        if (real) await dockerProvider.delete(ctx, id, state);
    });

    it.each(Object.entries(CHANGES))("%s makes the same plan", async (_title, change) => {
        const { inputs } = await dockerProvider.check(ctx, state.inputs, { ...full, ...change }, Buffer.alloc(32));
        const theirs = await real!.diff(ctx.urn, id, state, inputs);
        const ours = await dockerProvider.diff(ctx, id, state, inputs);
        expect({
            changed: ours.changed,
            replaces: [...ours.replaces].sort(),
            deleteBeforeReplace: ours.deleteBeforeReplace,
            properties: [...new Set(Object.keys(ours.detailed).map((path) => path.split(/[.[]/, 1)[0]))].sort(),
        }).toEqual(theirs);
    });

    it.each(Object.entries(STRICTER))(
        "%s replaces it, where the real provider does nothing",
        async (_title, change) => {
            const { inputs } = await dockerProvider.check(ctx, state.inputs, { ...full, ...change }, Buffer.alloc(32));
            const property = Object.keys(change)[0]!;
            expect(await real!.diff(ctx.urn, id, state, inputs)).toMatchObject({
                properties: [property],
                replaces: [],
            });
            const ours = await dockerProvider.diff(ctx, id, state, inputs);
            expect(ours.replaces).toEqual([property]);
        },
    );
});
