import { describe, expect, it } from "vitest";

import { UNKNOWN, type PropertyMap } from "../../../../packages/engine/src/provider";
import { dockerProvider } from "../../../../packages/engine/src/providers/docker/index";
import { SEED, contextOf } from "./context";

const CONTAINER = contextOf("docker:index/container:Container");
const NETWORK = contextOf("docker:index/network:Network");

async function failuresOf(news: PropertyMap): Promise<Record<string, string>> {
    const { failures } = await dockerProvider.check(CONTAINER, undefined, { image: "i", ...news }, SEED);
    return Object.fromEntries(failures.map((failure) => [failure.property, failure.reason]));
}

describe("check", () => {
    it("fills in the real provider's defaults and names them, at every level", async () => {
        const { inputs, failures } = await dockerProvider.check(
            CONTAINER,
            undefined,
            {
                image: "i",
                name: "n",
                ports: [{ internal: 80 }],
                healthcheck: { tests: ["CMD", "true"], interval: "5s" },
            },
            SEED,
        );
        expect(failures).toEqual([]);
        expect(inputs).toEqual({
            __defaults: [
                "containerReadRefreshTimeoutMilliseconds",
                "mustRun",
                "networkMode",
                "removeVolumes",
                "restart",
                "start",
                "waitTimeout",
            ],
            image: "i",
            name: "n",
            containerReadRefreshTimeoutMilliseconds: 15000,
            mustRun: true,
            networkMode: "bridge",
            removeVolumes: true,
            restart: "no",
            start: true,
            waitTimeout: 60,
            ports: [{ __defaults: ["ip", "protocol"], internal: 80, ip: "0.0.0.0", protocol: "tcp" }],
            healthcheck: {
                __defaults: ["startInterval", "startPeriod", "timeout"],
                tests: ["CMD", "true"],
                interval: "5s",
                startInterval: "0s",
                startPeriod: "0s",
                timeout: "0s",
            },
        });
    });

    it("makes a name from the seed, and keeps it", async () => {
        const first = await dockerProvider.check(NETWORK, undefined, {}, SEED);
        expect(first.inputs.name).toMatch(/^thing-[0-9a-f]{7}$/);
        expect(first.inputs.__defaults).toEqual(["ipamDriver", "name"]);
        const again = await dockerProvider.check(NETWORK, undefined, {}, SEED);
        expect(again.inputs.name).toBe(first.inputs.name);
        const other = await dockerProvider.check(NETWORK, undefined, {}, Buffer.alloc(32, 8));
        expect(other.inputs.name).not.toBe(first.inputs.name);
        const later = await dockerProvider.check(NETWORK, first.inputs, {}, Buffer.alloc(32, 9));
        expect(later.inputs.name).toBe(first.inputs.name);
    });

    it.each<[string, PropertyMap, string, string]>([
        ["a typo", { memroy: 64 }, "memroy", `did you mean "memory"?`],
        ["a nested typo", { ports: [{ internal: 80, protocoll: "tcp" }] }, "ports[0].protocoll", `"protocol"`],
        ["nothing like it", { somethingElse: 1 }, "somethingElse", "it has attach, capabilities"],
        ["a known one that is not served", { gpus: "all" }, "gpus", "GPUs are not served"],
        ["a limit the provider does not have", { pidsLimit: 100 }, "pidsLimit", `ulimits with "nproc"`],
        ["owners of files", { uploads: [{ file: "/x", content: "a", owner: "1" }] }, "uploads[0].owner", "root"],
        ["a wrong kind", { memory: "64" }, "memory", `must be a whole number, not "64"`],
        ["a fraction", { memory: 1.5 }, "memory", "must be a whole number, not 1.5"],
        ["a negative", { memory: -1 }, "memory", "must be 0 or more, not -1"],
        ["a wrong choice", { restart: "sometimes" }, "restart", "must be one of no, on-failure, always"],
        ["no unit", { healthcheck: { interval: "5" } }, "healthcheck.interval", `such as "10s"`],
        ["a relative path", { volumes: [{ hostPath: "a", containerPath: "/a" }] }, "volumes[0].hostPath", "absolute"],
        [
            "wrong octal",
            { uploads: [{ file: "/x", content: "a", permissions: "644" }] },
            "uploads[0].permissions",
            "0644",
        ],
        ["no file", { uploads: [{ content: "a" }] }, "uploads[0].file", "is required"],
        ["no content", { uploads: [{ file: "/x" }] }, "uploads[0]", "has none"],
        [
            "two contents",
            { uploads: [{ file: "/x", content: "a", contentBase64: "YQ==" }] },
            "uploads[0]",
            "content and",
        ],
        ["files on a read-only root", { readOnly: true, uploads: [{ file: "/x", content: "a" }] }, "uploads", "mount"],
        ["an empty word", { command: ["redis", "--save", ""] }, "command[2]", "must not be empty"],
        ["swap below memory", { memory: 64, memorySwap: 32 }, "memorySwap", "at least memory (64)"],
        ["a gone exit code", { attach: true, rm: true }, "rm", "exit code"],
        ["cpus", { cpus: "half" }, "cpus", `such as "1.5"`],
        ["a map of numbers", { tmpfs: { "/run": 1 } }, "tmpfs./run", "must be a string"],
        ["a volume of nothing", { volumes: [{ readOnly: true }] }, "volumes[0]", "needs one of"],
    ])("refuses %s", async (_title, news, property, reason) => {
        const failures = await failuresOf(news);
        expect(Object.keys(failures)).toEqual([property]);
        expect(failures[property]).toContain(reason);
    });

    it("reports every problem at once", async () => {
        const { failures } = await dockerProvider.check(CONTAINER, undefined, { memory: "a", restart: "b" }, SEED);
        expect(failures.map((failure) => failure.property).sort()).toEqual(["image", "memory", "restart"]);
    });

    it("takes what is not known yet for right", async () => {
        expect(
            await failuresOf({ memory: UNKNOWN, envs: UNKNOWN, uploads: [UNKNOWN], ports: [{ internal: UNKNOWN }] }),
        ).toEqual({});
    });

    it("never shows a secret", async () => {
        const canary = "canary-51ab";
        const failures = await failuresOf({
            envs: [{ canary }],
            uploads: [
                { file: "/x", contentBase64: `${canary}!` },
                { file: "/y", content: [canary] },
            ],
        });
        expect(Object.keys(failures).length).toBeGreaterThan(1);
        expect(JSON.stringify(failures)).not.toContain(canary);
    });
});
