import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { CATALOG } from "../../../images/catalog";
import { App } from "../../../images/sample-app/src/app";
import { base64 } from "../../../images/sample-app/src/config/rules";
import { Settings, type SettingsError } from "../../../images/sample-app/src/config/settings";
import { createLogger } from "../../../images/sample-app/src/observe/log";
import { findProfile, PROFILES } from "../../../images/sample-app/src/profiles";
import type { Profile } from "../../../images/sample-app/src/profiles/types";
import { tlsOf } from "../../../images/sample-app/src/stores/postgres";

const AUTHORITY = join(__dirname, "../../fixtures/tls/fullchain.pem");

let directory: string;
beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "groundwork-sample-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const DEBT_OS = {
    NODE_ENV: "production",
    PORT: "0",
    DATABASE_URL: "postgresql://debt_os:pass-canary-1@postgres:5432/debt_os",
    REDIS_URL: "redis://:pass-canary-2@redis:6379",
    JWT_SECRET: "j".repeat(64),
    JWT_EXPIRES_IN: "7d",
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "canary-secret",
    GITHUB_CALLBACK_URL: "https://x.example.com/cb",
    OPENAI_API_KEY: "sk-canary",
    REPO_STORAGE_PATH: "/repos",
    CORS_ORIGIN: "https://x.example.com",
};

function problems(key: string, env: Record<string, string>): string[] {
    const profile = findProfile(key);
    try {
        new Settings(profile.variables, env, profile.check);
        return [];
    } catch (error) {
        return (error as SettingsError).problems;
    }
}

describe("the sample app's connection to Postgres", () => {
    const address = "postgresql://u:p%40ss@postgres:5432/db";

    it.each([
        ["", false, false],
        ["", true, { rejectUnauthorized: false }],
        ["?sslmode=disable", true, false],
        ["?sslmode=require", false, { rejectUnauthorized: false }],
        ["?sslmode=verify-full", false, { rejectUnauthorized: true }],
        [
            `?sslmode=verify-full&sslrootcert=${AUTHORITY}`,
            false,
            { rejectUnauthorized: true, ca: readFileSync(AUTHORITY, "utf8") },
        ],
        [`?sslmode=require&sslrootcert=${AUTHORITY}`, false, { rejectUnauthorized: false }],
    ])("with %j in its address and DB_SSL=%s uses TLS: %j", (query, flag, ssl) => {
        // The driver's own idea of sslmode, which is another, must not come into it.
        expect(tlsOf(address + query, flag)).toEqual({ connectionString: address, ssl });
    });
});

describe("the sample app's configuration", () => {
    it("has a profile for every image of the catalog that it stands for", () => {
        const wanted = Object.values(CATALOG).flatMap((image) => image.buildArgs?.PROFILE ?? []);
        expect(Object.keys(PROFILES).sort()).toEqual(wanted.sort());
        expect(() => findProfile("nope")).toThrow(/must be one of .*debt-os\/api/);
    });

    it("is complete with the document's variables", () => {
        expect(problems("debt-os/api", DEBT_OS)).toEqual([]);
    });

    it("names every missing variable at once", () => {
        const found = problems("opencode/backend", {});
        for (const name of ["FRONTEND_URL", "OPENROUTER_API_KEY", "MEMGRAPH_URI", "ENCRYPTION_KEY", "JWT_SECRET"]) {
            expect(found.filter((problem) => problem.startsWith(`${name} is required`))).toHaveLength(1);
        }
    });

    it("takes DEBT-OS's individual variables instead of connection strings, and one of two AI keys", () => {
        const { DATABASE_URL: _, REDIS_URL: __, OPENAI_API_KEY: ___, ...rest } = DEBT_OS;
        expect(problems("debt-os/api", rest)).toHaveLength(3);
        const parts = { DB_HOST: "h", DB_USERNAME: "u", DB_PASSWORD: "p", DB_DATABASE: "d", REDIS_HOST: "r" };
        expect(problems("debt-os/api", { ...rest, ...parts, ANTHROPIC_API_KEY: "k" })).toEqual([]);
    });

    it.each([
        ["opencode/backend", "ENCRYPTION_KEY", Buffer.alloc(31).toString("base64"), /base64 of 32 bytes, not of 31/],
        ["opencode/backend", "JWT_SECRET", "short", /base64 of 64 bytes/],
        ["opencode/backend", "MEMGRAPH_URI", "http://memgraph", /starts with bolt:\/\//],
        ["opshub/api", "ENCRYPTION_KEY_BASE64", "!!", /base64 of 32 bytes/],
        ["debt-os/api", "JWT_SECRET", "x", /at least 64 characters, not 1/],
        ["debt-os/api", "DATABASE_URL", "postgresql://u:p@h/d?sslmode=prefer", /sslmode of disable, require, verify/],
        ["debt-os/api", "PORT", "70000", /whole number from 0 to 65535/],
        ["project-manager/backend", "DATABASE_URL", "mysql://x", /postgresql:\/\//],
    ])("%s refuses a wrong %s without repeating it", (key, name, value, reason) => {
        const found = problems(key, { [name]: value }).filter((problem) => problem.startsWith(`${name} `));
        expect(found).toEqual([expect.stringMatching(reason)]);
        expect(found[0]!.includes(value) && value.length > 5).toBe(false);
    });

    it("takes a secret's file before the variable, and says when it cannot be read", () => {
        const file = join(directory, "secret");
        writeFileSync(file, `${Buffer.alloc(32, 1).toString("base64")}\n`);
        const variables = [{ name: "KEY", required: true, rule: base64(32), secret: true }];
        const settings = new Settings(variables, { KEY_FILE: file, KEY: "other" });
        expect(settings.text("KEY")).toBe(Buffer.alloc(32, 1).toString("base64"));
        expect(() => new Settings(variables, { KEY_FILE: join(directory, "none") })).toThrow(/KEY_FILE names .*ENOENT/);
    });
});

describe("its logs", () => {
    it("never hold a secret, not even a password inside of a connection string", () => {
        const profile = findProfile("debt-os/api");
        const { secrets } = new Settings(profile.variables, DEBT_OS, profile.check);
        const lines: string[] = [];
        const logger = createLogger({ format: "context", level: "debug", secrets }, (line) => lines.push(line));
        logger.info({ url: DEBT_OS.DATABASE_URL, password: "pass-canary-1" }, `connect to ${DEBT_OS.REDIS_URL}`);
        logger.error({ error: new Error(`bad key ${DEBT_OS.OPENAI_API_KEY}`) }, "failed");
        expect(lines.join("")).not.toMatch(/canary/);
        expect(lines.join("")).toContain("[secret]");
    });

    it("have the fields of each system's document", () => {
        const write = (format: "context" | "metadata" | "flat") => {
            const lines: string[] = [];
            createLogger({ format, level: "info", secrets: [] }, (line) => lines.push(line)).info(
                { scanId: "1" },
                "done",
            );
            return JSON.parse(lines[0]!) as Record<string, unknown>;
        };
        const timestamp = expect.stringMatching(/^\d{4}-.*Z$/) as string;
        expect(write("context")).toEqual({ timestamp, level: "info", message: "done", context: { scanId: "1" } });
        expect(write("metadata")).toEqual({ timestamp, level: "info", message: "done", metadata: { scanId: "1" } });
        expect(write("flat")).toEqual({ timestamp, level: "info", message: "done", scanId: "1" });
    });
});

describe("its end", () => {
    let app: App | undefined;
    afterEach(() => {
        app = undefined;
    });

    /** An app with one route that answers when it is let go. */
    async function start(graceSeconds: number) {
        const events: string[] = [];
        let letGo = (): void => undefined;
        let entered = (): void => undefined;
        const inside = new Promise<void>((resolve) => (entered = resolve));
        const profile: Profile = {
            system: "test",
            title: "Test",
            variables: [
                { name: "PORT", default: "0" },
                { name: "LOG_LEVEL", default: "error" },
                { name: "SHUTDOWN_GRACE_SECONDS", default: String(graceSeconds) },
            ],
            logFormat: "flat",
            setUp(self) {
                self.own({ close: () => Promise.resolve(void events.push("store closed")) });
                self.router.add("GET", "/slow", async () => {
                    entered();
                    await new Promise<void>((resolve) => (letGo = resolve));
                    events.push("answered");
                    return { body: { done: true } };
                });
            },
        };
        app = new App(profile, new Settings(profile.variables, {}), () => undefined);
        const port = await app.start();
        return { app, port, events, inside, letGo: () => letGo() };
    }

    function get(port: number, path: string): Promise<{ status: number; connection?: string; body: string }> {
        return new Promise((resolve, reject) => {
            httpRequest({ port, path, host: "127.0.0.1" }, (response) => {
                let body = "";
                response.on("data", (chunk) => (body += String(chunk)));
                response.on("end", () =>
                    resolve({ status: response.statusCode!, connection: response.headers.connection, body }),
                );
            })
                .on("error", reject)
                .end();
        });
    }

    it("finishes the request that runs, takes no other, and closes the stores last", async () => {
        const { app, port, events, inside, letGo } = await start(10);
        const answer = get(port, "/slow");
        await inside;
        const stopped = app.stop();
        await expect(get(port, "/slow")).rejects.toThrow(/ECONNREFUSED/);
        expect(events).toEqual([]);
        letGo();
        expect(await answer).toMatchObject({ status: 200, connection: "close", body: '{"done":true}' });
        await stopped;
        expect(events).toEqual(["answered", "store closed"]);
    });

    it("does not wait for idle connections, and not for ever for busy ones", async () => {
        const { app, port, inside } = await start(0);
        const idle = connect(port, "127.0.0.1");
        const cut = expect(get(port, "/slow")).rejects.toThrow(/socket hang up|ECONNRESET/);
        await inside;
        await app.stop();
        await cut;
        idle.destroy();
    });

    it("answers what it does not have with 404, and a wrong method with 405", async () => {
        const { app, port } = await start(0);
        expect(await get(port, "/nothing")).toMatchObject({ status: 404 });
        const response = await fetch(`http://127.0.0.1:${port}/slow`, { method: "DELETE" });
        expect(response.status).toBe(405);
        await app.stop();
    });
});
