import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { LockedError } from "../../../../packages/engine/src";
import { StackLock } from "../../../../packages/engine/src/state/lock";
import { temporaryDir } from "../../../fixtures/engine/harness";

const files = (dir: string): string[] => readdirSync(dir).filter((name) => name.includes(".lock"));

/** Makes the lock look as if something else held it. */
function change(dir: string, holder: object): void {
    const path = join(dir, files(dir)[0]!);
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...holder }));
}

it("lets one run in, names it to the second, and lets the next one in when it is done", () => {
    const dir = temporaryDir();
    const [first, second] = [new StackLock(dir, "dev"), new StackLock(dir, "dev")];
    first.acquire("up");
    expect(() => second.acquire("destroy")).toThrow(LockedError);
    expect(() => second.acquire("destroy")).toThrow(new RegExp(`process ${process.pid}.*"up"`));
    new StackLock(dir, "other").acquire("up");
    first.release();
    second.acquire("destroy");
    expect(() => first.acquire("up")).toThrow(/"destroy"/);
    expect(files(dir)).toHaveLength(2);
});

it.each<[string, object]>([
    ["a process that has ended", { pid: 2 ** 22 + 1 }],
    ["a process whose number another one has now", { started: "1" }],
    ["a boot before this one", { boot: "another" }],
])("of %s is taken over", (_, holder) => {
    const dir = temporaryDir();
    new StackLock(dir, "dev").acquire("up");
    change(dir, holder);
    new StackLock(dir, "dev").acquire("up");
    expect(files(dir)).toHaveLength(1);
});

it("of another host is kept, until it is unlocked by hand", () => {
    const dir = temporaryDir();
    const held = new StackLock(dir, "dev");
    held.acquire("up");
    change(dir, { host: `not-${hostname()}`, pid: 2 ** 22 + 1 });
    const lock = new StackLock(dir, "dev");
    expect(() => lock.acquire("up")).toThrow(LockedError);
    expect(lock.unlock()).toMatchObject({ operation: "up" });
    expect(lock.unlock()).toBeUndefined();
    lock.acquire("up");
    // The one that lost it does not take it from the new holder.
    held.release();
    expect(() => held.acquire("up")).toThrow(new RegExp(`process ${process.pid}\\b`));
});

it("a dead holder's is taken over by exactly one of many", async () => {
    const dir = temporaryDir();
    new StackLock(dir, "dev").acquire("up");
    change(dir, { pid: 2 ** 22 + 1 });
    const script = `
        const { StackLock } = require(${JSON.stringify(join(__dirname, "../../../../packages/engine/src/state/lock.ts"))});
        process.stdin.once("data", () => {
            try { new StackLock(${JSON.stringify(dir)}, "dev").acquire("up"); console.log("in"); } catch (error) { console.log(error.name); }
        });
        process.stdin.once("end", () => process.exit());
        console.log("ready");`;
    const children = Array.from({ length: 4 }, () =>
        spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    const lines = children.map((child) => child.stdout[Symbol.asyncIterator]());
    const next = async (i: number): Promise<string> => String((await lines[i]!.next()).value).trim();
    await Promise.all(children.map((_, i) => next(i)));
    for (const child of children) child.stdin.write("go\n");
    const results = await Promise.all(children.map((_, i) => next(i)));
    for (const child of children) child.stdin.end();
    expect(results.sort()).toEqual(["LockedError", "LockedError", "LockedError", "in"]);
});
