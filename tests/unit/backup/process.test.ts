import { once } from "node:events";
import { PassThrough } from "node:stream";

import { describe, expect, test } from "vitest";

import { EXIT } from "../../../packages/backup/src/errors";
import { give, run } from "../../../packages/backup/src/process";

const FAILURE = { exit: EXIT.store, remedy: "Look." };

describe("a program that is written to", () => {
    test("gets all of it, and its end", async () => {
        const { stdout } = await run("wc", ["-c"], FAILURE, {
            input: async (stdin) => {
                for (let n = 0; n < 100; n++) await give(stdin, Buffer.alloc(10_000));
            },
        });
        expect(stdout.trim()).toBe("1000000");
    });

    test("may end before it has read everything, and is judged by its exit code", async () => {
        const input = async (stdin: Parameters<typeof give>[0]) => {
            for (let n = 0; n < 100; n++) await give(stdin, Buffer.alloc(100_000));
        };
        expect((await run("head", ["-c", "1"], FAILURE, { input })).code).toBe(0);
        await expect(run("sh", ["-c", "echo no >&2; exit 3"], FAILURE, { input })).rejects.toThrow(
            "sh ended with code 3: no",
        );
    });

    test("is ended when what should be written breaks off", async () => {
        const input = () => Promise.reject(new Error("the pack is damaged"));
        await expect(run("cat", [], FAILURE, { input })).rejects.toThrow("the pack is damaged");
    });
});

test("a full stream is waited for, and a closed one is not", async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    let taken = false;
    const giving = give(stream, Buffer.from("two")).then(() => (taken = true));
    await new Promise((wake) => setImmediate(wake));
    expect(taken).toBe(false);
    stream.resume();
    await giving;
    stream.destroy();
    await once(stream, "close");
    await give(stream, Buffer.from("more"));
});
