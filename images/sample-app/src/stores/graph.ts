import neo4j, { type Driver, type RecordShape } from "neo4j-driver";
import type { Histogram } from "prom-client";

import { type ItemStore, type Store, STORE_TIMEOUT_MS } from "./types";

interface GraphOptions {
    uri: string;
    username: string;
    password: string;
    /** Observes each query's seconds. */
    duration: Histogram;
}

/** Memgraph, over Bolt. */
export class GraphStore implements Store {
    readonly items: ItemStore;
    private readonly driver: Driver;

    constructor(private readonly options: GraphOptions) {
        const { uri, username, password } = options;
        this.driver = neo4j.driver(uri, username === "" ? undefined : neo4j.auth.basic(username, password), {
            connectionTimeout: STORE_TIMEOUT_MS,
            connectionAcquisitionTimeout: STORE_TIMEOUT_MS,
            maxTransactionRetryTime: STORE_TIMEOUT_MS,
            disableLosslessIntegers: true,
            userAgent: "groundwork-sample-app/1.0.0",
        });
        this.items = new GraphItems(this);
    }

    async query(text: string, parameters: Record<string, unknown> = {}): Promise<RecordShape[]> {
        const end = this.options.duration.startTimer();
        const session = this.driver.session();
        try {
            const result = await session.run(text, parameters);
            return result.records.map((record) => record.toObject());
        } finally {
            end();
            await session.close();
        }
    }

    async check(): Promise<Record<string, unknown>> {
        const start = performance.now();
        const [row] = await this.query("MATCH (n) RETURN count(n) AS nodes");
        return { latency: Math.round(performance.now() - start), nodeCount: row!.nodes as number };
    }

    close(): Promise<void> {
        return this.driver.close();
    }
}

class GraphItems implements ItemStore {
    constructor(private readonly graph: GraphStore) {}

    async put(id: string, value: unknown): Promise<void> {
        await this.graph.query("MERGE (n:Item {id: $id}) SET n.value = $value", { id, value: JSON.stringify(value) });
    }

    async get(id: string): Promise<unknown> {
        const [row] = await this.graph.query("MATCH (n:Item {id: $id}) RETURN n.value AS value", { id });
        return row && (JSON.parse(row.value as string) as unknown);
    }

    async count(): Promise<number> {
        const [row] = await this.graph.query("MATCH (n:Item) RETURN count(n) AS count");
        return row!.count as number;
    }
}
