import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { RecoveryError, Storage } from "../../../images/memgraph/src/storage/storage";
import { directory, onEmptyDirectories, query, running, silent, start, walFiles } from "./memgraph-server";

onEmptyDirectories();

describe("its storage", () => {
    it("has every acknowledged write after kill -9", async () => {
        const first = await start();
        for (let i = 0; i < 20; i++) await query(first.driver, "CREATE (:Item {id: $i})", { i });
        await query(first.driver, "CREATE INDEX ON :Item(id)");
        await first.kill();
        const { driver, storage } = await start();
        expect(await query(driver, "MATCH (n:Item) RETURN count(n) AS items")).toEqual([{ items: 20 }]);
        expect(storage.graph.indexes).toEqual([{ label: "Item", property: "id" }]);
    });

    it("drops a torn tail, whatever of the last record was written, and keeps all before it", async () => {
        const first = await start();
        await query(first.driver, "CREATE (:Item {id: 1})");
        const whole = readFileSync(walFiles()[0]!).length;
        await query(first.driver, "CREATE (:Item {id: 2})");
        await first.kill();
        const [file] = walFiles();
        const bytes = readFileSync(file!);
        for (let length = whole; length < bytes.length; length++) {
            rmSync(join(directory, "wal"), { recursive: true });
            const fresh = new Storage({ directory, walEnabled: false, retention: 2, recover: true, log: silent });
            fresh.close();
            writeFileSync(file!, bytes);
            truncateSync(file!, length);
            const storage = new Storage({ directory, walEnabled: true, retention: 2, recover: true, log: silent });
            expect([length, storage.graph.nodes.size]).toEqual([length, 1]);
            storage.commit([["node+", 100n, ["Item"], {}]]);
            storage.close();
            const after = new Storage({ directory, walEnabled: true, retention: 2, recover: true, log: silent });
            expect(after.graph.nodes.has(100n)).toBe(true);
            after.close();
        }
    });

    it("does not start on a log that is damaged in the middle, or has a gap", async () => {
        const first = await start();
        for (let i = 0; i < 3; i++) await query(first.driver, "CREATE (:Item {id: $i})", { i });
        await first.kill();
        running.length = 0;
        const [file] = walFiles();
        const bytes = readFileSync(file!);
        const open = () => new Storage({ directory, walEnabled: true, retention: 2, recover: true, log: silent });
        const damaged = Buffer.from(bytes);
        damaged[12]! ^= 0xff;
        writeFileSync(file!, damaged);
        expect(open).toThrow(RecoveryError);
        writeFileSync(file!, bytes.subarray(8 + bytes.readUInt32BE(0)));
        expect(open).toThrow(/transactions 1 to 1 are missing/);
    });

    it("recovers from a snapshot and the log since, and falls back to an older snapshot", async () => {
        const first = await start();
        await query(first.driver, "CREATE (:Item {id: 1})");
        await query(first.driver, "CREATE SNAPSHOT");
        await query(first.driver, "CREATE (:Item {id: 2})");
        await query(first.driver, "CREATE SNAPSHOT");
        await query(first.driver, "CREATE (:Item {id: 3})");
        await first.kill();
        const newest = readdirSync(join(directory, "snapshots")).sort().at(-1)!;
        truncateSync(join(directory, "snapshots", newest), 40);
        const { driver } = await start();
        expect(await query(driver, "MATCH (n) RETURN count(n) AS items")).toEqual([{ items: 3 }]);
    });

    it("starts from one snapshot with an empty log, as a restore leaves it", async () => {
        const first = await start();
        await query(first.driver, "CREATE (:Item {id: 1})");
        await query(first.driver, "CREATE SNAPSHOT");
        await query(first.driver, "CREATE (:Item {id: 2})");
        await first.kill();
        for (const file of walFiles()) rmSync(file);
        const { driver } = await start();
        expect(await query(driver, "MATCH (n) RETURN n.id AS id")).toEqual([{ id: 1 }]);
    });

    it("keeps as many snapshots as it is told, the logs that they need, and everything while it is locked", async () => {
        const { driver } = await start();
        await query(driver, "LOCK DATA DIRECTORY");
        for (let i = 0; i < 4; i++) {
            await query(driver, "CREATE (:Item)");
            await query(driver, "CREATE SNAPSHOT");
        }
        expect(readdirSync(join(directory, "snapshots"))).toHaveLength(4);
        await query(driver, "UNLOCK DATA DIRECTORY");
        expect(readdirSync(join(directory, "snapshots"))).toHaveLength(2);
        expect(walFiles()).toHaveLength(2);
    });

    it("moves what is there away when recovery is off", async () => {
        const first = await start();
        await query(first.driver, "CREATE (:Item)");
        await first.kill();
        const { driver } = await start({ recover: false });
        expect(await query(driver, "MATCH (n) RETURN count(n) AS items")).toEqual([{ items: 0 }]);
        expect(readdirSync(join(directory, ".backup"))).toHaveLength(1);
    });

    it("does not take a file that grew by zeros for a damaged one", async () => {
        const first = await start();
        await query(first.driver, "CREATE (:Item)");
        await first.kill();
        appendFileSync(walFiles()[0]!, Buffer.alloc(4096));
        const { storage } = await start();
        expect(storage.graph.nodes.size).toBe(1);
    });
});
