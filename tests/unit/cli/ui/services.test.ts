import { describe, expect, it } from "vitest";

import { missingReplica, type Replica, type ServiceStatus } from "../../../../packages/cli/src/runtime/status";
import { LiveRegion } from "../../../../packages/cli/src/ui/live";
import {
    health,
    imageName,
    renderHints,
    renderJobs,
    renderReplicas,
    renderServices,
    renderTroubles,
} from "../../../../packages/cli/src/ui/services";
import { PLAIN } from "../../../../packages/cli/src/ui/style";

const MIB = 1024 ** 2;
const view = { width: 120, style: PLAIN };

function replica(more: Partial<Replica> = {}): Replica {
    return {
        name: "gw-dev-api-0",
        id: "a",
        index: 0,
        state: "running",
        health: "healthy",
        exitCode: 0,
        outOfMemory: false,
        restarts: 0,
        uptimeSeconds: 75,
        memoryLimitBytes: 512 * MIB,
        memoryBytes: 28 * MIB,
        cpuLimit: 1,
        cpu: 0.014,
        ports: [],
        ...more,
    };
}

function service(name: string, replicas: Replica[], more: Partial<ServiceStatus> = {}): ServiceStatus {
    return { service: name, component: "backend", image: "debt-os/api:1.0.0", standIn: false, replicas, ...more };
}

describe("services", () => {
    it("end an `up` as a table, with a note on stand-ins", () => {
        const services = [
            service("caddy", [replica()], { component: "edge", image: "groundwork.local/caddy:0a1b2c", standIn: true }),
            service("api", [replica(), replica({ health: "starting" })]),
        ];
        const urls = { platform: "https://debt-os.localhost:8443", api: "https://debt-os.localhost:8443/" };
        expect(renderServices(services, urls, view)).toEqual([
            "SERVICE  REPLICAS  HEALTH                 URL                              IMAGE",
            "caddy           1  healthy                https://debt-os.localhost:8443   caddy*",
            "api             2  1 healthy, 1 starting  https://debt-os.localhost:8443/  debt-os/api:1.0.0",
            "* a stand-in built on this machine for the image that the document names",
        ]);
    });

    it("are shown by replica with their use of memory and cpu", () => {
        const services = [
            service("api", [replica(), replica({ restarts: 3, memoryBytes: undefined, cpu: undefined })]),
        ];
        expect(renderReplicas(services, view)).toEqual([
            "SERVICE  HEALTH         UP  RESTARTS            MEMORY       CPU  IMAGE",
            "api 1/2  healthy  1 m 15 s         0  28 MiB / 512 MiB  0.01 / 1  debt-os/api:1.0.0",
            "api 2/2  healthy  1 m 15 s         3       – / 512 MiB     – / 1  debt-os/api:1.0.0",
        ]);
    });

    describe("on 80 columns", () => {
        const narrow = { width: 80, style: PLAIN };
        const url = "https://project-manager.localhost:8444";

        it("fit after `up`, with every URL whole and the image cut", () => {
            const services = [
                service("frontend", [replica()], { image: "mcp-project-manager/frontend:1.0.0" }),
                service("backend", [replica(), replica()]),
            ];
            expect(renderServices(services, { frontend: url, backend: url }, narrow)).toEqual([
                "SERVICE   #  HEALTH   URL                                     IMAGE",
                `frontend  1  healthy  ${url}  mcp-project-manag…`,
                `backend   2  healthy  ${url}  debt-os/api:1.0.0`,
            ]);
        });

        it("leave the image out where a URL needs its place", () => {
            const long = `https://platform.${"department.".repeat(3)}example.com`;
            const services = [service("a-service-with-a-name", [replica()], { standIn: true })];
            expect(renderServices(services, { "a-service-with-a-name": long }, narrow)).toEqual([
                "SERVICE     #  HEALTH   URL",
                `a-service…  1  healthy  ${long}`,
                "Stand-ins built on this machine:",
                "  a-service-with-a-name",
            ]);
        });

        it("fit by replica, whatever they use", () => {
            const busy = replica({
                health: "unhealthy",
                uptimeSeconds: 86_400 * 12 + 3600 * 11,
                memoryBytes: 1023 * MIB,
                memoryLimitBytes: 1536 * MIB,
                restarts: 12,
                cpuLimit: 0.75,
            });
            const lines = renderReplicas([service("project-manager", [busy, busy])], narrow);
            expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
            expect(lines[0]).toMatch(/^SERVICE +HEALTH +UP +RST +MEMORY +CPU +IMAGE$/);
            expect(lines[1]).toContain("1023 MiB / 1.5 GiB");
        });

        it("have a note on stand-ins that fits too", () => {
            const lines = renderServices([service("api", [replica()], { standIn: true })], {}, narrow);
            expect(lines.at(-1)).toMatch(/^\* a stand-in/);
            expect(lines.at(-1)!.length).toBeLessThanOrEqual(80);
        });
    });

    it.each([
        [[replica()], "healthy"],
        [[replica({ health: "none" })], "running"],
        [[replica({ state: "exited" })], "stopped"],
        [[replica({ state: "missing" })], "missing"],
        [[replica(), replica({ health: "unhealthy" })], "1 healthy, 1 unhealthy"],
    ])("are told in a word where one will do", (replicas, text) => expect(health(replicas, PLAIN)).toBe(text));

    it("say why they are not well", () => {
        const services = [
            service("api", [
                replica({ health: "unhealthy", healthMessage: "curl: (7) Failed to connect\nmore" }),
                replica({ name: "b", state: "exited", exitCode: 137, outOfMemory: true }),
                replica({ name: "c", state: "exited", exitCode: 2 }),
                missingReplica("d", "", "is in the state and nowhere else"),
                replica({ name: "e", health: "starting" }),
            ]),
        ];
        expect(renderTroubles(services, view)).toEqual([
            "! gw-dev-api-0: unhealthy: curl: (7) Failed to connect",
            "! b: was killed for using more than its 512 MiB of memory",
            "! c: exited, exit code 2",
            "! d: is in the state and nowhere else",
        ]);
    });

    it("show images without what tells nobody anything", () => {
        const digest = "0123456789abcdef".repeat(4);
        expect(imageName({ image: `caddy:2.7@sha256:${digest}`, standIn: false })).toBe("caddy:2.7@0123456789ab");
        expect(imageName({ image: `sha256:${digest}`, standIn: false })).toBe("0123456789ab");
        expect(imageName({ image: "groundwork.local/redis-7:3f9c0a1b2d4e", standIn: true })).toBe("redis-7*");
    });

    it("name only the jobs that did not end well", () => {
        const jobs = [
            { job: "migrate", state: "done", exitCode: 0 },
            { job: "seed", state: "failed", exitCode: 3 },
        ];
        expect(renderJobs(jobs, view)).toEqual(["! job seed: failed, exit code 3"]);
    });

    it("come with aligned hints", () => {
        expect(
            renderHints(
                [
                    ["Open", "https://x"],
                    ["Look further", "gw status"],
                ],
                PLAIN,
            ),
        ).toEqual(["Open          https://x", "Look further  gw status"]);
    });
});

describe("the live part of a terminal", () => {
    function terminal(columns: number) {
        const written: string[] = [];
        const stream = { columns, rows: 24, write: (text: string) => written.push(text) };
        return { written, stream, region: new LiveRegion(stream) };
    }

    it("is rewritten in one write, from where it began", () => {
        const { region, written } = terminal(80);
        region.draw([], ["one", "two"]);
        region.draw(["done"], ["three"]);
        expect(written).toEqual([
            "\u001B[?2026h\u001B[?25l\r\u001B[Jone\ntwo\n\u001B[?2026l",
            "\u001B[?2026h\u001B[2F\u001B[Jdone\nthree\n\u001B[?2026l",
        ]);
    });

    it("counts lines that a narrower terminal has wrapped", () => {
        const { region, written, stream } = terminal(80);
        region.draw([], ["x".repeat(70), "y"]);
        stream.columns = 40;
        region.draw([], []);
        expect(written[1]).toContain("\u001B[3F\u001B[J");
    });

    it("leaves nothing behind and shows the cursor again", () => {
        const { region, written } = terminal(80);
        region.draw([], ["one"]);
        region.close(["bye"]);
        expect(written[1]).toBe("\u001B[1F\u001B[Jbye\n\u001B[?25h");
    });
});
