/**
 * The sample app of every service, with stores that are away, asked as the cluster asks whether it is alive. Cannot prove: what the real
 * applications answer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { CATALOG } from "../../../images/catalog";
import { App } from "../../../images/sample-app/src/app";
import { Settings } from "../../../images/sample-app/src/config/settings";
import { findProfile } from "../../../images/sample-app/src/profiles";
import { ENVIRONMENTS, inEnvironment, type Probe, type Service, type System } from "../../../systems/types";
import { EVERY_SYSTEM } from "../systems/fact";

/** Nobody listens there. */
const AWAY = "127.0.0.1:1";

let directory: string;
beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "groundwork-alive-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let app: App | undefined;
afterEach(async () => {
    await app?.stop();
    app = undefined;
});

const keyOf = (bytes: number) => Buffer.alloc(bytes, 1).toString("base64");

/** What any of the profiles needs. */
function variables(memgraph = AWAY): Record<string, string> {
    const address = "https://x.example.com";
    const names = ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "GITHUB_WEBHOOK_SECRET", "OPENAI_API_KEY"];
    return {
        ...{ PORT: "0", LOG_LEVEL: "error", SHUTDOWN_GRACE_SECONDS: "0" },
        DATABASE_URL: `postgresql://u:p@${AWAY}/d`,
        REDIS_URL: `redis://:p@${AWAY}`,
        MEMGRAPH_URI: `bolt://${memgraph}`,
        SQLITE_PATH: join(directory, "taskmaster.db"),
        SESSIONS_PATH: join(directory, "sessions"),
        LOG_FILE: join(directory, "acp.log"),
        LOG_DIR: directory,
        ...{ FRONTEND_URL: address, ALLOWED_ORIGINS: address, CORS_ORIGIN: address, CORS_ORIGINS: address },
        GITHUB_CALLBACK_URL: `${address}/cb`,
        ...{ JWT_SECRET: keyOf(64), SECRET_KEY: keyOf(64), JWT_EXPIRES_IN: "7d", REPO_STORAGE_PATH: directory },
        ...{ ENCRYPTION_KEY: keyOf(32), ENCRYPTION_KEY_BASE64: keyOf(32), OPENROUTER_API_KEY: "k" },
        ...Object.fromEntries(names.map((name) => [name, "given"])),
    };
}

/** @returns its port */
function start({ image }: Pick<Service, "image">, env: Record<string, string>): Promise<number> {
    const profile = findProfile(CATALOG[image]!.buildArgs!.PROFILE);
    app = new App(profile, new Settings(profile.variables, env, profile.check), () => undefined);
    return app.start();
}

/** What a kubelet hears: the status, or that somebody listens. */
async function asked(probe: Probe, port: number): Promise<number | "listens"> {
    if (probe.kind === "http") return (await fetch(`http://127.0.0.1:${port}${probe.path}`)).status;
    if (probe.kind === "exec") throw new Error("the sample app has no commands");
    return new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => resolve("listens"));
        socket.on("error", reject).on("connect", () => socket.destroy());
    });
}

/** @returns its port, where none of its stores answers */
function startAlone(system: System, service: Service): Promise<number> {
    const sqlite = system.stores.sqlite && system.key === "project-manager";
    return start(service, {
        ...variables(),
        ...(sqlite && { DATABASE_URL: `sqlite:///${join(directory, "sql_app.db")}` }),
    });
}

describe.each(EVERY_SYSTEM)("of $name", ({ system }) => {
    test.each(system.services)("$name is alive without its stores", async (service) => {
        const port = await startAlone(system, service);
        for (const environment of ENVIRONMENTS) {
            const alive = inEnvironment(service.liveness ?? service.health, environment);
            expect(alive).toMatchObject({ port: service.port });
            expect(await asked(alive, port)).toBe(alive.kind === "tcp" ? "listens" : 200);
        }
    });
});

const READY_APART = EVERY_SYSTEM.flatMap(({ system }) =>
    system.services
        .filter(({ liveness, readiness }) => liveness ?? readiness)
        .map((service) => ({ name: `${system.key}'s ${service.name}`, system, service })),
);

test.each(READY_APART)("$name is not ready without its stores", async ({ system, service }) => {
    const port = await startAlone(system, service);
    for (const environment of ENVIRONMENTS)
        expect(await asked(inEnvironment(service.readiness ?? service.health, environment), port)).toBe(503);
});

describe("of OpenCode, beside a graph that takes connections and says nothing", () => {
    const sockets: Socket[] = [];
    let silent: Server;
    let address: string;
    beforeAll(async () => {
        silent = createServer((socket) => sockets.push(socket));
        await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
        address = `127.0.0.1:${(silent.address() as { port: number }).port}`;
    });
    afterAll(() => {
        sockets.forEach((socket) => socket.destroy());
        silent.close();
    });

    test("the backend says that it is alive before it knows of the graph", async () => {
        const port = await start({ image: "opencode-backend" }, variables(address));
        const health = async (path: string) => {
            const response = await fetch(`http://127.0.0.1:${port}${path}`);
            return [path, response.status];
        };
        const deep = health("/api/health/deep");
        expect(await Promise.race([deep, health("/api/health")])).toEqual(["/api/health", 200]);
        expect(await deep).toEqual(["/api/health/deep", 503]);
    });
});
