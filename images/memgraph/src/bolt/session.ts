/** One client's conversation: https://neo4j.com/docs/bolt/current/bolt/message. Knows messages, not bytes. */
import { CypherError } from "../cypher/lexer";
import { parse } from "../cypher/parse";
import type { Database, OpenTransaction, QueryResult } from "../database";
import { GraphError } from "../graph/elements";
import { LockTimeout } from "../mutex";
import { Structure, type Value } from "./packstream";
import { forOldBolt } from "./values";

const REQUEST = {
    HELLO: 0x01,
    GOODBYE: 0x02,
    RESET: 0x0f,
    RUN: 0x10,
    BEGIN: 0x11,
    COMMIT: 0x12,
    ROLLBACK: 0x13,
    DISCARD: 0x2f,
    PULL: 0x3f,
    ROUTE: 0x66,
    LOGON: 0x6a,
    LOGOFF: 0x6b,
} as const;

const RESPONSE = { SUCCESS: 0x70, RECORD: 0x71, IGNORED: 0x7e, FAILURE: 0x7f } as const;

const CLIENT_ERROR = "Memgraph.ClientError.MemgraphError.MemgraphError";
const TRANSIENT_ERROR = "Memgraph.TransientError.MemgraphError.MemgraphError";
const DATABASE_ERROR = "Memgraph.DatabaseError.MemgraphError.MemgraphError";
const PROTOCOL_ERROR = "Memgraph.ClientError.Request.Invalid";
const UNAUTHENTICATED = "Memgraph.ClientError.Security.Unauthenticated";

/** What clients look for to know the dialect, and what people see. */
const SERVER = "Neo4j/v5.2.0 compatible graph database server - Memgraph stand-in of Groundwork";

type Dictionary = { [key: string]: Value };

interface SessionOptions {
    database: Database;
    version: { major: number; minor: number };
    connectionId: string;
    send: (message: Structure) => void;
    /** Closes the connection. */
    close: () => void;
    authenticate: (principal: string, credentials: string) => boolean;
    /** A transaction that is open for longer is taken back, in milliseconds. */
    transactionTimeoutMs: number;
    onError: (error: Error) => void;
}

interface OpenResult {
    result: QueryResult;
    position: number;
}

class ProtocolError extends Error {
    constructor(
        readonly code: string,
        message: string,
    ) {
        super(message);
    }
}

export class Session {
    private authenticated = false;
    private greeted = false;
    private failed = false;
    private open: OpenTransaction | undefined;
    private timer: NodeJS.Timeout | undefined;
    private timedOut = false;
    private nextQueryId = 0n;
    private readonly results = new Map<bigint, OpenResult>();

    constructor(private readonly options: SessionOptions) {}

    /** Answers a message. Call it again only when this one is done. */
    async handle(message: Structure): Promise<void> {
        if (message.tag === REQUEST.GOODBYE) return this.options.close();
        if (message.tag === REQUEST.RESET && this.authenticated) {
            this.abandon();
            this.failed = false;
            return this.success({});
        }
        if (this.failed) return this.send(RESPONSE.IGNORED, []);
        try {
            await this.dispatch(message);
        } catch (error) {
            this.fail(error as Error);
        }
    }

    /** The client is gone, or starts anew: what it left open is taken back. */
    abandon(): void {
        clearTimeout(this.timer);
        this.results.clear();
        this.timedOut = false;
        const { open } = this;
        this.open = undefined;
        if (open) this.options.database.rollback(open);
    }

    private async dispatch({ tag, fields }: Structure): Promise<void> {
        if (tag === REQUEST.HELLO) return this.hello(dictionary(fields[0]));
        if (tag === REQUEST.LOGON && this.greeted) return this.logon(dictionary(fields[0]));
        if (!this.authenticated) throw new ProtocolError(PROTOCOL_ERROR, "the client has not logged on");
        switch (tag) {
            case REQUEST.LOGOFF:
                this.authenticated = false;
                return this.success({});
            case REQUEST.RUN:
                return this.run(String(fields[0]), dictionary(fields[1]));
            case REQUEST.PULL:
            case REQUEST.DISCARD:
                return this.pull(dictionary(fields[0]), tag === REQUEST.PULL);
            case REQUEST.BEGIN:
                return this.begin(dictionary(fields[0]));
            case REQUEST.COMMIT:
                return this.commit();
            case REQUEST.ROLLBACK:
                this.transaction();
                this.abandon();
                return this.success({});
            case REQUEST.ROUTE:
                throw new ProtocolError(CLIENT_ERROR, "there is no cluster: use bolt:// rather than neo4j://");
            default:
                throw new ProtocolError(PROTOCOL_ERROR, `unknown message 0x${tag.toString(16)}`);
        }
    }

    private hello(extra: Dictionary): void {
        this.greeted = true;
        const { major, minor } = this.options.version;
        // From 5.1 on the credentials come in a message of their own.
        if (major < 5 || minor < 1) this.logIn(extra);
        this.success({ server: SERVER, connection_id: this.options.connectionId, hints: {} });
    }

    private logon(credentials: Dictionary): void {
        this.logIn(credentials);
        this.success({});
    }

    private logIn({ principal = "", credentials = "" }: Dictionary): void {
        if (!this.options.authenticate(String(principal), String(credentials))) {
            throw new ProtocolError(UNAUTHENTICATED, "Authentication failure");
        }
        this.authenticated = true;
    }

    private async run(query: string, parameters: Dictionary): Promise<void> {
        const statement = parse(query);
        let result: QueryResult;
        if (statement.kind === "transaction") {
            await this.transactionCommand(statement.command);
            result = { columns: [], rows: [], type: "w", stats: {} };
        } else if (this.open || this.timedOut) {
            result = this.options.database.runIn(this.transaction(), statement, parameters);
        } else {
            result = await this.options.database.run(statement, parameters);
        }
        const id = this.nextQueryId++;
        if (!this.open) this.results.clear();
        this.results.set(id, { result, position: 0 });
        this.success({ fields: result.columns, t_first: 0n, ...(this.open && { qid: id }) });
    }

    /** BEGIN, COMMIT and ROLLBACK as queries, which is how people at a console write them. */
    private async transactionCommand(command: "BEGIN" | "COMMIT" | "ROLLBACK"): Promise<void> {
        if (command === "BEGIN") await this.openTransaction({});
        else if (command === "COMMIT") this.commitOpen();
        else {
            this.transaction();
            this.abandon();
        }
    }

    private pull(extra: Dictionary, wanted: boolean): void {
        const last = [...this.results.keys()].at(-1);
        const asked = typeof extra.qid === "bigint" && extra.qid >= 0n ? extra.qid : last;
        const open = asked === undefined ? undefined : this.results.get(asked);
        if (asked === undefined || !open) throw new ProtocolError(PROTOCOL_ERROR, "there is no result to pull");
        const { result } = open;
        const count = typeof extra.n === "bigint" && extra.n >= 0n ? Number(extra.n) : Infinity;
        const end = Math.min(result.rows.length, open.position + count);
        for (; wanted && open.position < end; open.position++) {
            this.send(RESPONSE.RECORD, [this.compatible(result.rows[open.position]!)]);
        }
        open.position = end;
        if (end < result.rows.length) return this.success({ has_more: true });
        this.results.delete(asked);
        this.success({
            type: result.type,
            t_last: 0n,
            db: "memgraph",
            ...(hasStats(result) && { stats: result.stats }),
        });
    }

    private async begin(extra: Dictionary): Promise<void> {
        await this.openTransaction(extra);
        this.success({});
    }

    private async openTransaction(extra: Dictionary): Promise<void> {
        if (this.open) throw new ProtocolError(CLIENT_ERROR, "Nested transactions are not supported.");
        this.open = await this.options.database.begin();
        const asked =
            typeof extra.tx_timeout === "bigint" && extra.tx_timeout > 0n ? Number(extra.tx_timeout) : Infinity;
        // Others wait for it, so it must come to an end even when its client is forgotten.
        const expire = () => {
            this.abandon();
            this.timedOut = true;
        };
        this.timer = setTimeout(expire, Math.min(asked, this.options.transactionTimeoutMs));
        this.timer.unref();
    }

    private commit(): void {
        this.commitOpen();
        this.success({ bookmark: "" });
    }

    private commitOpen(): void {
        const open = this.transaction();
        this.open = undefined;
        clearTimeout(this.timer);
        this.results.clear();
        this.options.database.commit(open);
    }

    private transaction(): OpenTransaction {
        if (this.timedOut) throw new LockTimeout("the transaction was open for too long and was taken back");
        if (!this.open) throw new ProtocolError(PROTOCOL_ERROR, "there is no transaction");
        return this.open;
    }

    private compatible(row: Value[]): Value {
        return this.options.version.major >= 5 ? row : forOldBolt(row);
    }

    private fail(error: Error): void {
        this.failed = true;
        this.abandon();
        const code =
            error instanceof ProtocolError
                ? error.code
                : error instanceof LockTimeout
                  ? TRANSIENT_ERROR
                  : error instanceof CypherError || error instanceof GraphError
                    ? CLIENT_ERROR
                    : DATABASE_ERROR;
        if (code === DATABASE_ERROR) this.options.onError(error);
        this.send(RESPONSE.FAILURE, [{ code, message: error.message }]);
        // Before a client is known there is nothing that it could do next.
        if (!this.authenticated) this.options.close();
    }

    private success(metadata: Dictionary): void {
        this.send(RESPONSE.SUCCESS, [metadata]);
    }

    private send(tag: number, fields: Value[]): void {
        this.options.send(new Structure(tag, fields));
    }
}

function hasStats(result: QueryResult): boolean {
    return Object.keys(result.stats).length > 0;
}

function dictionary(value: Value | undefined): Dictionary {
    const isMap = value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Structure);
    return isMap ? (value as Dictionary) : {};
}
