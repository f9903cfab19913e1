/** Runs queries on the graph: one transaction at a time, so that each sees only what was committed before it. */
import type { Value } from "./bolt/packstream";
import { toWire } from "./bolt/values";
import type { AdminCommand, Statement } from "./cypher/ast";
import { dump } from "./cypher/dump";
import type { Item } from "./cypher/evaluate";
import { execute, type Result, writes } from "./cypher/execute";
import { CypherError } from "./cypher/lexer";
import { Transaction } from "./graph/transaction";
import { Mutex } from "./mutex";
import type { Storage } from "./storage/storage";

/** Says wherever a version is asked for that this is not Memgraph. */
export const VERSION = "2.12.0-groundwork-stand-in";

export interface QueryResult {
    columns: string[];
    rows: Value[][];
    /** As Bolt names it: read, write, both, or schema. */
    type: "r" | "w" | "rw" | "s";
    stats: Record<string, bigint>;
}

interface DatabaseOptions {
    storage: Storage;
    /** Changes are refused above this; 0: no limit. */
    memoryLimitMiB: number;
    /** How long a transaction waits for the one before it, in milliseconds. */
    lockTimeoutMs: number;
}

/** A transaction that a client began. */
export interface OpenTransaction {
    readonly transaction: Transaction;
    readonly release: () => void;
}

export class Database {
    private readonly mutex = new Mutex();
    private readonly storage: Storage;

    constructor(private readonly options: DatabaseOptions) {
        this.storage = options.storage;
    }

    async begin(): Promise<OpenTransaction> {
        const release = await this.mutex.acquire(this.options.lockTimeoutMs);
        return { transaction: new Transaction(this.storage.graph), release };
    }

    /** Returns once the changes are on disk. @throws GraphError when a constraint is broken; then nothing has changed. */
    commit({ transaction, release }: OpenTransaction): void {
        try {
            transaction.validate();
            this.storage.commit(transaction.done);
        } catch (error) {
            transaction.rollback();
            throw error;
        } finally {
            release();
        }
    }

    rollback({ transaction, release }: OpenTransaction): void {
        try {
            transaction.rollback();
        } finally {
            release();
        }
    }

    /** Runs a statement in a transaction of its own. */
    async run(statement: Statement, parameters: { [key: string]: Value }): Promise<QueryResult> {
        const open = await this.begin();
        let result: QueryResult;
        try {
            result = this.runIn(open, statement, parameters, false);
        } catch (error) {
            this.rollback(open);
            throw error;
        }
        this.commit(open);
        return result;
    }

    /** Runs a statement in a transaction that a client began, if `explicit`. */
    runIn(
        open: OpenTransaction,
        statement: Statement,
        parameters: { [key: string]: Value },
        explicit = true,
    ): QueryResult {
        const result = this.perform(open.transaction, statement, parameters, explicit);
        return { ...result, rows: result.rows.map((row) => row.map(toWire)) };
    }

    private perform(
        transaction: Transaction,
        statement: Statement,
        parameters: { [key: string]: Value },
        explicit: boolean,
    ): Omit<QueryResult, "rows"> & Result {
        switch (statement.kind) {
            case "query": {
                const changes = writes(statement.clauses);
                if (changes) this.checkMemory();
                const result = execute(statement.clauses, parameters, transaction);
                const returns = result.columns.length > 0;
                return { ...result, type: !changes ? "r" : returns ? "rw" : "w", stats: transaction.stats };
            }
            case "index":
            case "constraint":
                if (explicit)
                    throw new CypherError(
                        "indexes and constraints cannot be changed in a transaction with other queries",
                    );
                transaction.apply(
                    statement.kind === "index"
                        ? [statement.add ? "index+" : "index-", statement.label, statement.property]
                        : [
                              statement.add ? "constraint+" : "constraint-",
                              statement.type,
                              statement.label,
                              statement.properties,
                          ],
                );
                return { columns: [], rows: [], type: "s", stats: {} };
            case "admin":
                if (explicit && statement.command !== "DUMP DATABASE") {
                    throw new CypherError(`${statement.command} cannot be run in a transaction with other queries`);
                }
                return { ...this.administer(statement.command), type: "r", stats: {} };
            case "transaction":
                throw new CypherError(`${statement.command} is not known here`);
        }
    }

    private administer(command: AdminCommand): Result {
        const { graph } = this.storage;
        switch (command) {
            case "DUMP DATABASE":
                return { columns: ["QUERY"], rows: [...dump(graph)].map((line) => [line]) };
            case "SHOW VERSION":
                return { columns: ["version"], rows: [[VERSION]] };
            case "SHOW STORAGE INFO":
                return { columns: ["storage info", "value"], rows: this.storageInfo() };
            case "SHOW INDEX INFO":
                return {
                    columns: ["index type", "label", "property"],
                    rows: graph.indexes.map(({ label, property }) =>
                        property === undefined ? ["label", label, null] : ["label+property", label, property],
                    ),
                };
            case "SHOW CONSTRAINT INFO":
                return {
                    columns: ["constraint type", "label", "properties"],
                    rows: graph.constraints.map(({ kind, label, properties }) => [kind, label, properties]),
                };
            case "CREATE SNAPSHOT":
                this.storage.snapshot();
                return { columns: [], rows: [] };
            case "LOCK DATA DIRECTORY":
                this.storage.lock(true);
                return { columns: ["STATUS"], rows: [["Data directory is now locked."]] };
            case "UNLOCK DATA DIRECTORY":
                this.storage.lock(false);
                return { columns: ["STATUS"], rows: [["Data directory is now unlocked."]] };
            case "ANALYZE GRAPH":
            case "FREE MEMORY":
                // Statistics for a planner, and memory kept for later: the stand-in has neither.
                return { columns: [], rows: [] };
        }
    }

    private storageInfo(): Item[][] {
        const { nodes, edges } = this.storage.graph;
        const memory = BigInt(process.memoryUsage().rss);
        return [
            ["name", "memgraph stand-in"],
            ["vertex_count", BigInt(nodes.size)],
            ["edge_count", BigInt(edges.size)],
            ["average_degree", nodes.size === 0 ? 0 : (2 * edges.size) / nodes.size],
            ["memory_usage", memory],
            ["memory_allocated", memory],
            ["allocation_limit", BigInt(this.options.memoryLimitMiB) * 1024n * 1024n],
            ["storage_mode", "IN_MEMORY_TRANSACTIONAL"],
        ];
    }

    private checkMemory(): void {
        const { memoryLimitMiB } = this.options;
        const used = Math.round(process.memoryUsage().rss / 1024 / 1024);
        if (memoryLimitMiB > 0 && used > memoryLimitMiB) {
            throw new CypherError(
                `Memory limit exceeded! ${used} MiB are in use, and the limit is ${memoryLimitMiB} MiB.`,
            );
        }
    }
}
