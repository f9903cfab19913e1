import { describe, expect, test, vi } from "vitest";

import { RedisDriver } from "../../../packages/backup/src/stores/redis/index";
import { temporary } from "../../temporary";

/** What the dump has under the key, given what was written to the server. */
let dumped: (written: string) => string;

/** The stack's server, and the toolbox's own on its socket, without Redis. */
vi.mock("../../../packages/backup/src/process", () => {
    let written = "";
    const answers: Record<string, (value: string) => string> = {
        SET: (value) => ((written = value), "OK"),
        GET: () => dumped(written),
        INFO: () => "db0:keys=2,expires=1",
        DEBUG: () => "digest",
        PING: () => "PONG",
    };
    const run = (_program: string, args: string[]) => {
        const at = args.findIndex((one) => one in answers);
        return Promise.resolve({ stdout: at < 0 ? "" : answers[args[at]!]!(args[at + 2] ?? ""), stderr: "" });
    };
    const server = { stdout: { on: () => undefined }, exitCode: null, kill: () => true };
    return { run, start: () => server };
});

describe("a dump of Redis", () => {
    const file = vi.fn(() => Promise.resolve());
    const capture = () =>
        new RedisDriver("redis", { driver: "redis", host: "redis", port: 6379 } as never).capture(
            "snapshot",
            { file } as never,
            { scratch: temporary("redis") } as never,
        );

    test("is stored with what was written just before it", async () => {
        dumped = (written) => written;
        expect((await capture()).contents).toMatchObject({ "(all keys)": { count: 2, checksum: "digest" } });
        expect(file).toHaveBeenCalledOnce();
    });

    test.each(["", "of the backup before"])("is none where that is %j", async (found) => {
        file.mockClear();
        dumped = () => found;
        await expect(capture()).rejects.toThrow("the dump has not the groundwork:backup:canary");
        expect(file).not.toHaveBeenCalled();
    });
});
