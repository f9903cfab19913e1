/** The Memgraph stand-in in this process, on a directory that lasts for a test. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import neo4j, { type Driver } from "neo4j-driver";
import { afterEach, beforeEach } from "vitest";

import { BoltServer } from "../../../images/memgraph/src/bolt/server";
import { Database } from "../../../images/memgraph/src/database";
import { Storage } from "../../../images/memgraph/src/storage/storage";
import { temporary } from "../../temporary";

export const silent = { debug() {}, info() {}, warning() {}, error() {} };

interface Running {
    driver: Driver;
    storage: Storage;
    /** As kill -9 does: no snapshot, nothing finished. */
    kill(): Promise<void>;
}

/** Of the test that runs. */
export let directory: string;
export const running: Running[] = [];

/** On the directory of the test; stopped when the test ends. */
export async function start(
    options: { recover?: boolean; lockTimeoutMs?: number; transactionTimeoutMs?: number } = {},
): Promise<Running> {
    const { recover = true, lockTimeoutMs = 5000, transactionTimeoutMs = 5000 } = options;
    const storage = new Storage({ directory, walEnabled: true, retention: 2, recover, log: silent });
    const database = new Database({ storage, memoryLimitMiB: 0, lockTimeoutMs });
    const server = new BoltServer({ database, log: silent, authenticate: () => true, transactionTimeoutMs });
    const port = await server.listen(0, "127.0.0.1");
    const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, undefined, {
        disableLosslessIntegers: true,
        maxTransactionRetryTime: 0,
    });
    const instance = {
        driver,
        storage,
        async kill() {
            await driver.close();
            await server.close();
            storage.close();
        },
    };
    running.push(instance);
    return instance;
}

export async function query(driver: Driver, text: string, parameters = {}): Promise<Record<string, unknown>[]> {
    const session = driver.session();
    try {
        return (await session.run(text, parameters)).records.map((record) => record.toObject());
    } finally {
        await session.close();
    }
}

export function walFiles(): string[] {
    return readdirSync(join(directory, "wal")).map((name) => join(directory, "wal", name));
}

/** Has each test of a file start on an empty directory, and stops what it started. */
export function onEmptyDirectories(): void {
    beforeEach(() => {
        directory = temporary("memgraph");
    });
    afterEach(async () => {
        for (const instance of running.splice(0)) await instance.kill();
    });
}
