import { describe, expect, test } from "vitest";

import { configSchema, parseConfig, type BackupConfigInput } from "../../../packages/backup/src/config";
import { type BackupError, EXIT } from "../../../packages/backup/src/errors";
import { EVERY_SYSTEM } from "../systems/fact";

const CONFIG: BackupConfigInput = {
    version: 1,
    stack: "debt-os-dev",
    system: "debt-os",
    release: "1.0.0",
    repository: { kind: "directory", path: "/repository", passwordFile: "/run/secrets/password" },
    stores: {
        redis: {
            driver: "redis",
            host: "redis",
            schedules: [{ name: "hourly", cron: "0 * * * *", kind: "snapshot" }],
            retention: { days: 7 },
        },
    },
};

function refusal(text: string): BackupError {
    try {
        parseConfig(text, "config.json");
    } catch (error) {
        return error as BackupError;
    }
    throw new Error("it was accepted");
}

describe("the configuration", () => {
    test("has its defaults filled in", () => {
        const config = parseConfig(JSON.stringify(CONFIG), "config.json");
        expect(config).toMatchObject({
            timeZone: "UTC",
            metrics: { port: 9469 },
            stores: { redis: { port: 6379, timeoutSeconds: 21600 } },
        });
    });

    test("is refused with every problem and its key, and what to do", () => {
        const broken = {
            ...CONFIG,
            timeZone: "Mars/Base",
            repository: {
                kind: "s3",
                endpoint: "s3.example.com",
                bucket: "backups",
                prefix: "/a/",
                passwordFile: "secret",
            },
            stores: {
                postgres: {
                    driver: "postgres",
                    host: "postgres",
                    user: "app",
                    passwordFile: "/p",
                    database: "app",
                    wal: {},
                    schedules: [],
                    retention: {},
                },
            },
            typo: 1,
        };
        const error = refusal(JSON.stringify(broken));
        expect(error.exit).toBe(EXIT.configuration);
        for (const key of [
            "timeZone",
            "repository.endpoint",
            "repository.prefix",
            "repository.passwordFile",
            "stores.postgres.retention",
            "typo",
        ]) {
            expect(error.message).toContain(key);
        }
        expect(error.remedy).toContain("gw up");
    });

    test("a log without files to replay it on is refused", () => {
        const postgres = {
            driver: "postgres",
            host: "postgres",
            user: "app",
            passwordFile: "/p",
            database: "app",
            wal: {},
            schedules: [],
            retention: { days: 1 },
        };
        expect(refusal(JSON.stringify({ ...CONFIG, stores: { postgres } })).message).toContain(
            "stores.postgres.wal: needs dataDirectory",
        );
    });

    test("what is no JSON and what is no cron expression is refused", () => {
        expect(refusal("{").message).toContain("is not JSON");
        const stores = {
            redis: { ...CONFIG.stores.redis, schedules: [{ name: "hourly", cron: "61 * * * *", kind: "snapshot" }] },
        };
        expect(refusal(JSON.stringify({ ...CONFIG, stores })).message).toContain("stores.redis.schedules.0.cron");
    });

    test.each(EVERY_SYSTEM)("takes every schedule and retention of $name's document", ({ system }) => {
        for (const { schedules, retention } of system.backups.filter((one) => one.schedules.length > 0)) {
            const { localDays: _local, ...kept } = retention;
            const stores = { store: { driver: "files", directory: "/data", schedules, retention: kept } };
            expect(configSchema.safeParse({ ...CONFIG, stores }).success).toBe(true);
        }
    });
});
