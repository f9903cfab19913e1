import { PassThrough } from "node:stream";

import { beforeEach, expect, test } from "vitest";

import { type BackupError, EXIT } from "../../../packages/backup/src/errors";
import { PartWriter } from "../../../packages/backup/src/repository/parts";
import type { Repository } from "../../../packages/backup/src/repository/repository";

const ENTRY = { id: "one", store: "config", method: "files", tier: "daily", at: new Date(0) };

/** What was asked of the repository, in its order. */
let asked: string[];
/** What comes back, by snapshot; a reading waits for it. */
let stored: Map<string, Promise<string>>;

const repository = {
    text: (name: string, _tags: string[], content: string) => {
        asked.push(`store ${name}`);
        if (!stored.has(name)) stored.set(name, Promise.resolve(content));
        return Promise.resolve({ snapshot_id: name, total_bytes_processed: content.length, data_added_packed: 10 });
    },
    read: (snapshot: string) => {
        asked.push(`read ${snapshot}`);
        const stdout = new PassThrough();
        void stored.get(snapshot)!.then((content) => stdout.end(content));
        return { stdout, finish: () => Promise.resolve() };
    },
} as unknown as Repository;

const writer = () => new PartWriter(repository, ENTRY, () => undefined);

beforeEach(() => {
    asked = [];
    stored = new Map();
});

test("the next part is stored while the last one is read back", async () => {
    let come = (_content: string): void => undefined;
    stored.set("first", new Promise((resolve) => (come = resolve)));
    const parts = writer();
    await parts.text("first", "1");
    await parts.text("second", "22");
    expect(asked).toEqual(["store first", "read first", "store second"]);
    expect(parts.parts).toEqual([]);
    come("1");
    await parts.readBack();
    expect(parts.parts.map(({ name, bytes }) => [name, bytes])).toEqual([
        ["first", 1],
        ["second", 2],
    ]);
    expect(parts.addedBytes).toBe(20);
});

test("a part that does not come back whole fails the run, and what was stored after it does not count", async () => {
    stored.set("first", Promise.resolve("shor"));
    const parts = writer();
    await parts.text("first", "short");
    await parts.text("second", "2");
    const error = await parts.readBack().catch((reason: unknown) => reason as BackupError);
    expect(error).toMatchObject({ exit: EXIT.verification });
    expect((error as BackupError).message).toContain("5 bytes were stored and 4 came back");
    expect(parts.parts).toEqual([]);
    await parts.settled();
});

test("a part that is stored again takes the first one's place", async () => {
    const parts = writer();
    await parts.text("pass", "1");
    await parts.readBack();
    stored.clear();
    await parts.text("pass", "333");
    await parts.readBack();
    expect(parts.parts.map(({ bytes }) => bytes)).toEqual([3]);
});
