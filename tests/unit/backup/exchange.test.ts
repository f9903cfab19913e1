import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ASIDE, Exchange } from "../../../packages/backup/src/stores/volume/exchange";

describe("restored files in the place of live ones", () => {
    let volume: string;
    const live = () =>
        Object.fromEntries(
            readdirSync(volume)
                .filter((name) => name !== ASIDE)
                .sort()
                .map((name) => [name, readFileSync(join(volume, name), "utf8")]),
        );
    const OLD = { a: "old a", b: "old b" };
    const NEW = { b: "new b", c: "new c" };

    beforeEach(() => {
        volume = mkdtempSync(join(tmpdir(), "exchange-"));
        for (const [name, text] of Object.entries(OLD)) writeFileSync(join(volume, name), text);
    });
    afterEach(() => rmSync(volume, { recursive: true }));

    const staged = (): Exchange => {
        const exchange = new Exchange(volume, "one");
        const incoming = exchange.prepare();
        for (const [name, text] of Object.entries(NEW)) writeFileSync(join(incoming, name), text);
        exchange.stage();
        return exchange;
    };

    test("the live ones are served until the swap, and come back with an undo", () => {
        const exchange = staged();
        expect(live()).toEqual(OLD);
        exchange.swap();
        expect(live()).toEqual(NEW);
        exchange.swap();
        expect(live(), "a second time changes nothing").toEqual(NEW);
        exchange.undo("two");
        expect(live()).toEqual(OLD);
    });

    test.each([
        ["before the first move", []],
        ["after one live entry has left", [["a", "before"]]],
        [
            "after all live entries have left",
            [
                ["a", "before"],
                ["b", "before"],
            ],
        ],
    ] as [string, [string, string][]][])("an interruption %s is gone on from", (_when, moved) => {
        staged();
        const directory = join(volume, ASIDE, "one");
        const journal = JSON.parse(readFileSync(join(directory, "journal.json"), "utf8")) as object;
        writeFileSync(
            join(directory, "journal.json"),
            JSON.stringify({ ...journal, phase: "leaving", live: ["a", "b"] }),
        );
        mkdirSync(join(directory, "before"), { recursive: true });
        for (const [name, to] of moved) renameSync(join(volume, name), join(directory, to, name));
        new Exchange(volume, "one").swap();
        expect(live()).toEqual(NEW);
    });

    test("an interruption between two arrivals is gone on from, and the arrived are not sent away again", () => {
        const exchange = staged();
        const directory = join(volume, ASIDE, "one");
        exchange.swap();
        renameSync(join(volume, "c"), join(directory, "incoming", "c"));
        const journal = JSON.parse(readFileSync(join(directory, "journal.json"), "utf8")) as object;
        writeFileSync(join(directory, "journal.json"), JSON.stringify({ ...journal, phase: "arriving" }));
        new Exchange(volume, "one").swap();
        expect(live()).toEqual(NEW);
    });

    test("what came after the restore was prepared leaves too, and comes back with an undo", () => {
        const exchange = staged();
        writeFileSync(join(volume, "c"), "written meanwhile");
        writeFileSync(join(volume, "d"), "written meanwhile");
        exchange.swap();
        expect(live()).toEqual(NEW);
        exchange.undo("two");
        expect(live()).toEqual({ ...OLD, c: "written meanwhile", d: "written meanwhile" });
    });

    test("what others have on the volume stays where it is", () => {
        const exchange = new Exchange(volume, "one");
        writeFileSync(join(exchange.prepare(), "b"), "new b");
        exchange.stage(["b"]);
        exchange.swap();
        expect(live()).toEqual({ a: "old a", b: "new b" });
    });

    test("a restore that is half done cannot be thrown away", () => {
        const exchange = staged();
        exchange.swap();
        expect(() => exchange.discard()).toThrow(/half done/);
        expect(existsSync(join(volume, ASIDE, "one", "before", "a"))).toBe(true);
    });
});
