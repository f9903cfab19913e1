import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { capability, cpuShares, cpuText, goDuration, slug } from "../../../../targets/docker/format";
import { healthcheck, probeCommand } from "../../../../targets/docker/health";

describe("a Go duration", () => {
    test.each([
        [0, "0s"],
        [30, "30s"],
        [60, "1m0s"],
        [90, "1m30s"],
        [3600, "1h0m0s"],
        [3661, "1h1m1s"],
    ])("of %i seconds is %s", (seconds, text) => {
        expect(goDuration(seconds)).toBe(text);
    });

    test("adds up to what it was made from", () => {
        fc.assert(
            fc.property(fc.nat(1_000_000), (seconds) => {
                const [, h = "0", m = "0", s] = /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(goDuration(seconds))!;
                expect(Number(h) * 3600 + Number(m) * 60 + Number(s)).toBe(seconds);
            }),
        );
    });

    test.each([0.5, -1, Number.NaN])("of %d seconds is an error", (seconds) => {
        expect(() => goDuration(seconds)).toThrow(RangeError);
    });
});

/** As a Docker plugin of version 5.2.0 printed them after it had created a container with each. */
test.each([
    [0.1, "0.1"],
    [0.25, "0.25"],
    [0.5, "0.5"],
    [0.75, "0.75"],
    [1, "1.0"],
    [1.5, "1.5"],
    [4, "4.0"],
    [10, "10."],
])("%d cores are written %s", (cores, text) => {
    expect(cpuText(cores)).toBe(text);
});

test("shares are a weight of 1024 a core, and the engine's least at the least", () => {
    expect([0, 0.25, 1, 2].map(cpuShares)).toEqual([2, 256, 1024, 2048]);
});

test("capabilities have the engine's names", () => {
    expect(["ALL", "CHOWN", "CAP_CHOWN"].map(capability)).toEqual(["ALL", "CAP_CHOWN", "CAP_CHOWN"]);
});

test("a path is a part of a name", () => {
    expect(slug("/run/secrets")).toBe("run-secrets");
    expect(slug("/etc/my.app/x/")).toBe("etc-my-app-x");
});

describe("a health check", () => {
    const timing = { intervalSeconds: 60, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 };

    test("by curl and by wget asks the loopback address and gives up in time", () => {
        const http = { ...timing, kind: "http" as const, path: "/up", port: 80 };
        expect(probeCommand({ ...http, client: "curl" })).toEqual([
            "CMD",
            "curl",
            "-fsS",
            "-o",
            "/dev/null",
            "--max-time",
            "5",
            "http://127.0.0.1:80/up",
        ]);
        expect(probeCommand({ ...http, client: "wget" })).toEqual([
            "CMD",
            "wget",
            "-q",
            "-O",
            "/dev/null",
            "-T",
            "5",
            "http://127.0.0.1:80/up",
        ]);
    });

    test("of a port, and a command of the system's own", () => {
        expect(probeCommand({ ...timing, kind: "tcp", port: 7687 })).toEqual([
            "CMD",
            "nc",
            "-z",
            "-w",
            "5",
            "127.0.0.1",
            "7687",
        ]);
        expect(probeCommand({ ...timing, kind: "exec", command: ["pg_isready"] })).toEqual(["CMD", "pg_isready"]);
    });

    test("has its times as the provider reads them back, and no start interval", () => {
        expect(healthcheck({ ...timing, kind: "exec", command: ["true"] })).toEqual({
            tests: ["CMD", "true"],
            interval: "1m0s",
            timeout: "5s",
            retries: 3,
            startPeriod: "0s",
        });
    });
});
