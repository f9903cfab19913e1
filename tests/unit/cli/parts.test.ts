import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { SYSTEMS } from "../../../systems";
import { parseSince } from "../../../packages/cli/src/commands/logs";
import { parseDeployment } from "../../../packages/cli/src/stack/deployment";
import { demultiplexed } from "../../../packages/engine/src/docker";
import { checkKernel, checkNode } from "../../../packages/cli/src/doctor/machine";
import { findPulumi, readDigest } from "../../../packages/cli/src/engines/pulumi";
import { Told } from "../../../packages/cli/src/engines/pulumi-failure";
import { describeError, exitCodeOf, FailedError, UsageError } from "../../../packages/cli/src/errors";
import { chooseImages, defaultMode, remember } from "../../../packages/cli/src/images/resolve";
import { findProject } from "../../../packages/cli/src/project";
import { mismatch, runCheck, Skip } from "../../../packages/cli/src/smoke/check";
import { requestCommand } from "../../../packages/cli/src/smoke/inside";
import { healthAddress, publicHost, serviceOf } from "../../../packages/cli/src/smoke/routes";
import { project, temporary } from "./fixtures";

function named(name: string, message = "m"): Error {
    return Object.assign(new Error(message), { name });
}

describe("errors", () => {
    it.each([
        [new FailedError("x"), 1],
        [new TypeError("x"), 1],
        ["text", 1],
        [new UsageError("x"), 2],
        [named("ConfigError"), 2],
        [named("PolicyError"), 3],
        [named("LockedError"), 4],
        [named("CancelledError"), 1],
    ])("%s ends with %d", (error, code) => expect(exitCodeOf(error)).toBe(code));

    it("come with their remedy and without a stack trace", () => {
        expect(describeError(new UsageError("wrong", "do that"), false)).toEqual(["wrong", "do that"]);
    });

    it("that nobody foresaw say their kind and how to see more", () => {
        const lines = describeError(new TypeError("x is undefined"), false);
        expect(lines).toEqual(["TypeError: x is undefined", "Run again with --verbose for the stack trace."]);
        expect(describeError(new TypeError("x is undefined"), true).join("\n")).toMatch(/parts\.test\.ts:\d+/);
    });
});

describe("the Pulumi CLI", () => {
    it("is looked for on PATH", () => {
        const dir = temporary();
        mkdirSync(join(dir, "bin"));
        const env = { PATH: `/nonexistent:${join(dir, "bin")}` };
        expect(findPulumi(env)).toBeUndefined();
        writeFileSync(join(dir, "bin", "pulumi"), "");
        expect(findPulumi(env)).toBeUndefined();
        writeFileSync(join(dir, "bin", "pulumi2"), "", { mode: 0o755 });
        expect(findPulumi({ PATH: "" })).toBeUndefined();
    });

    it("prints its digest after warnings", () => {
        expect(readDigest('warning: old\n{"steps":[],"duration":1,"changeSummary":{}}').steps).toEqual([]);
    });

    it("fails with a policy, a lock, what its events say of the cause, or its own words", () => {
        const error = Object.assign(named("CommandError", "code: 255"), {
            commandResult: { stderr: "error: no login", stdout: "" },
        });
        expect(exitCodeOf(new Told().explain(named("ConcurrentUpdateError"), "prod"))).toBe(4);
        expect(new Told("/nonexistent/events").explain(error, "prod").message).toBe("pulumi: error: no login");

        const log = join(temporary(), "events");
        const urn = "urn:pulumi:prod::groundwork::docker:index/container:Container::gw-prod-api";
        const failed = { diagnosticEvent: { severity: "error", urn, message: "error: no room\n" } };
        const advice = { policyEvent: { enforcementLevel: "advisory", policyName: "p", message: "better not" } };
        writeFileSync(log, `${JSON.stringify(advice)}\n${JSON.stringify(failed)}\n{"half`);
        expect(new Told(log).explain(error, "prod").message).toBe("pulumi: gw-prod-api: no room");

        const violation = { ...advice.policyEvent, enforcementLevel: "mandatory", message: "must not\n" };
        writeFileSync(log, `${JSON.stringify({ policyEvent: { ...violation, resourceUrn: urn } })}\n`);
        const refused = new Told(log).explain(error, "prod");
        expect([exitCodeOf(refused), refused.message]).toEqual([3, `p: ${urn}: must not`]);
    });
});

describe("images", () => {
    it("are chosen by the file where it says so, else automatically in dev alone", () => {
        expect(defaultMode('{"source":"registry"}', "dev")).toBeUndefined();
        expect(defaultMode('{"mirror":"m"}', "dev")).toBe("auto");
        expect(defaultMode(undefined, "dev")).toBe("auto");
        expect(defaultMode(undefined, "prod")).toBeUndefined();
    });

    const config = { environment: "dev", images: { source: "registry", overrides: {} } };

    function stackOf(environment: string) {
        const stack = {
            name: "dev",
            config: { ...config, environment },
            system: SYSTEMS["debt-os"],
            project: findProject(project()),
        };
        return stack as unknown as Parameters<typeof chooseImages>[1];
    }

    function docker(answer: (reference: string) => object | Error) {
        const getImage = (reference: string) => ({
            inspect: () => Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 })),
            distribution: () => {
                const result = answer(reference);
                return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
            },
        });
        return () => Promise.resolve({ getImage } as never);
    }

    const unreachable = Object.assign(new Error("dial tcp"), {
        statusCode: 500,
        json: { message: "dial tcp: no such host" },
    });
    const absent = Object.assign(new Error("denied"), {
        statusCode: 403,
        json: { message: "requested access is denied" },
    });

    it("never fall back outside of dev", async () => {
        await expect(
            chooseImages(
                "auto",
                stackOf("prod"),
                docker(() => ({})),
            ),
        ).rejects.toThrow(UsageError);
    });

    it("are all stand-ins where no registry answers", async () => {
        const choice = await chooseImages(
            "auto",
            stackOf("dev"),
            docker(() => unreachable),
        );
        expect(choice.override).toEqual({ source: "local" });
        expect(choice.reason).toMatch(/no registry answers/);
    });

    it("are stand-ins where the registry has none of that name, and says which", async () => {
        const has = (reference: string) => (reference.startsWith("debt-os/") ? absent : {});
        const choice = await chooseImages("auto", stackOf("dev"), docker(has));
        expect(choice.standIns).toEqual(["debt-os-api", "debt-os-worker"]);
        expect(choice.override?.source).toBe("registry");
        expect(choice.override?.overrides?.["debt-os-api"]).toMatch(/^groundwork\.local\/debt-os-api:/);
        expect(choice.reason).toContain("debt-os/api:1.0.0");
    });

    it("stay what they were when the stack was brought up", async () => {
        const stack = stackOf("dev");
        remember(stack.project, "dev", { override: { source: "local" }, standIns: [] });
        const choice = await chooseImages(
            "auto",
            stack,
            docker(() => ({})),
        );
        expect(choice.override).toEqual({ source: "local" });
        expect(choice.reason).toBeUndefined();
    });
});

describe("logs", () => {
    const now = Date.parse("2026-01-01T12:00:00Z");
    it.each([
        ["90s", "2026-01-01T11:58:30Z"],
        ["10m", "2026-01-01T11:50:00Z"],
        ["2h30m", "2026-01-01T09:30:00Z"],
        ["2025-12-31T00:00:00Z", "2025-12-31T00:00:00Z"],
    ])("since %s", (text, time) => expect(parseSince(text, now)).toBe(Date.parse(time) / 1000));

    it.each(["yesterday", "10", "10x", "m", ""])("refuses %j as a time", (text) => {
        expect(() => parseSince(text, now)).toThrow(UsageError);
    });

    it("are put together from the engine's frames, a torn one left out or not", () => {
        const frame = (stream: number, text: string) => {
            const header = Buffer.alloc(8);
            header[0] = stream;
            header.writeUInt32BE(Buffer.byteLength(text), 4);
            return Buffer.concat([header, Buffer.from(text)]);
        };
        const bytes = Buffer.concat([frame(1, "out é\n"), frame(2, "err\n")]);
        expect(demultiplexed(bytes)).toBe("out é\nerr\n");
        expect(demultiplexed(Buffer.concat([bytes, Buffer.from([1, 0, 0])]))).toBe("out é\nerr\n");
    });
});

describe("a state to import", () => {
    it("must be a deployment of version 3", () => {
        expect(parseDeployment('{"version":3,"deployment":{"resources":[]}}', "f").version).toBe(3);
        for (const text of ["", "[]", "null", '{"version":2,"deployment":{}}', '{"version":3}']) {
            expect(() => parseDeployment(text, "f")).toThrow(UsageError);
        }
    });
});

describe("smoke checks", () => {
    it("look at what is expected and at nothing else", () => {
        expect(mismatch({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 })).toBeUndefined();
        expect(mismatch({ a: { b: 1 } }, { a: { b: "1" } })).toBe('a.b is "1", not 1');
        expect(mismatch({ a: {} }, { a: null })).toBe("a is null, not a map");
        expect(mismatch({}, [])).toBeUndefined();
    });

    it("are passed, failed or skipped, each with its reason", async () => {
        const status = async (run: () => Promise<string>) => (await runCheck({ name: "x", run })).status;
        expect(await status(() => Promise.resolve("seen"))).toBe("passed");
        expect(await status(() => Promise.reject(new Error("no")))).toBe("failed");
        expect(await status(() => Promise.reject(new Skip("none")))).toBe("skipped");
    });

    it.each([
        ["opencode", "backend", "/api/health", "d"],
        ["opencode", "frontend", "/", "d"],
        ["opencode", "frontend", "/api/health", undefined],
        ["opencode", "backend", "/", undefined],
        ["opshub", "api", "/healthz", "api.d"],
        ["opshub", "web", "/healthz", "d"],
        ["debt-os", "api", "/metrics", undefined],
    ] as const)("know where the edge of %s sends %s%s", (system, service, path, host) => {
        expect(publicHost(SYSTEMS[system], "d", service, path)).toBe(host);
    });

    it.each([
        ["opshub", "api.d", "/healthz"],
        ["project-manager", "d", "/health"],
        ["debt-os", "d", "/api/health"],
    ] as const)("name an address of %s where its health shows", (system, host, path) => {
        expect(healthAddress(SYSTEMS[system], "d")).toEqual({ host, path });
    });

    it("ask with the client that the image has", () => {
        const api = serviceOf(SYSTEMS["debt-os"], "api");
        expect(requestCommand(api, "/x")).toEqual(["curl", "-fsS", "http://127.0.0.1:3001/x"]);
        expect(requestCommand(api, "/x", { a: 1 })).toContain('{"a":1}');
    });
});

describe("doctor", () => {
    it.each([
        ["20.19.0", "ok"],
        ["22.1.0", "ok"],
        ["20.18.3", "missing"],
        ["18.20.0", "missing"],
    ])("node %s is %s", (version, status) => expect(checkNode(version).status).toBe(status));

    it("says how to set what the kernel lacks", () => {
        const values: Record<string, string> = {
            "/proc/sys/vm/overcommit_memory": "0\n",
            "/proc/sys/vm/max_map_count": "262144\n",
        };
        const [overcommit, maps] = checkKernel((path) => values[path]!);
        expect(overcommit).toMatchObject({ status: "warning", found: "0" });
        expect(overcommit!.remedy).toContain("sysctl -w vm.overcommit_memory=1");
        expect(maps).toMatchObject({ status: "ok" });
    });
});
