/** Listens for Bolt clients. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

import type { Database } from "../database";
import type { Log } from "../log";
import { ChunkReader, toChunks } from "./chunks";
import { decode, encode, Structure } from "./packstream";
import { Session } from "./session";

const MAGIC = 0x6060b017;
/** Newest minor version of each major one that is spoken: those of Memgraph 2.12. */
const NEWEST_MINOR: Record<number, number> = { 5: 2, 4: 4 };
const OLDEST_MINOR: Record<number, number> = { 5: 0, 4: 1 };

interface BoltOptions {
    database: Database;
    log: Log;
    authenticate: (principal: string, credentials: string) => boolean;
    transactionTimeoutMs: number;
}

export class BoltServer {
    private readonly server: Server;
    private readonly connections = new Set<Socket>();

    constructor(private readonly options: BoltOptions) {
        this.server = createServer((socket) => this.accept(socket));
    }

    /** Resolves with the port. */
    async listen(port: number, address: string): Promise<number> {
        this.server.listen(port, address);
        await once(this.server, "listening");
        return (this.server.address() as AddressInfo).port;
    }

    async close(): Promise<void> {
        const closed = once(this.server, "close");
        this.server.close();
        for (const socket of this.connections) socket.destroy();
        await closed;
    }

    private accept(socket: Socket): void {
        const { log } = this.options;
        this.connections.add(socket);
        socket.setNoDelay(true);
        const connection = new Connection(socket, this.options);
        socket.on("error", (error) => log.debug(`connection failed: ${error.message}`));
        socket.on("data", (bytes) => connection.receive(bytes));
        socket.on("close", () => {
            this.connections.delete(socket);
            connection.ended();
        });
    }
}

class Connection {
    private handshake: Buffer | undefined = Buffer.alloc(0);
    private readonly reader = new ChunkReader();
    private session: Session | undefined;
    /** Messages are answered in order, one after the other. */
    private queue = Promise.resolve();

    constructor(
        private readonly socket: Socket,
        private readonly options: BoltOptions,
    ) {}

    receive(bytes: Buffer): void {
        try {
            const rest = this.handshake === undefined ? bytes : this.shakeHands(Buffer.concat([this.handshake, bytes]));
            if (rest === undefined) return;
            for (const message of this.reader.push(rest)) this.enqueue(message);
        } catch (error) {
            this.options.log.warning(`closed a connection that does not speak Bolt: ${(error as Error).message}`);
            this.socket.destroy();
        }
    }

    ended(): void {
        this.queue = this.queue.then(() => this.session?.abandon());
    }

    /** Takes the client's four proposals; returns the bytes after them, or undefined while they are not all there. */
    private shakeHands(bytes: Buffer): Buffer | undefined {
        this.handshake = bytes;
        if (bytes.length < 20) return undefined;
        this.handshake = undefined;
        if (bytes.readUInt32BE(0) !== MAGIC) throw new Error("it does not begin with Bolt's magic number");
        const version = negotiate(bytes.subarray(4, 20));
        this.socket.write(Buffer.of(0, 0, version?.minor ?? 0, version?.major ?? 0));
        if (!version) {
            this.socket.end();
            return undefined;
        }
        this.session = new Session({
            ...this.options,
            version,
            connectionId: randomUUID(),
            send: (message) => this.socket.write(toChunks(encode(message))),
            close: () => this.socket.end(),
            onError: (error) => this.options.log.error(error.stack ?? error.message),
        });
        return bytes.subarray(20);
    }

    private enqueue(bytes: Buffer): void {
        const message = decode(bytes);
        if (!(message instanceof Structure)) throw new Error("a message is not a structure");
        this.queue = this.queue
            .then(() => this.session?.handle(message))
            .catch((error: Error) => {
                this.options.log.error(error.stack ?? error.message);
                this.socket.destroy();
            });
    }
}

/** The first proposal that is spoken here. A proposal is `0, range, minor, major`: minors from `minor - range` to `minor`. */
export function negotiate(proposals: Buffer): { major: number; minor: number } | undefined {
    for (let at = 0; at < 16; at += 4) {
        const [range, minor, major] = [proposals[at + 1]!, proposals[at + 2]!, proposals[at + 3]!];
        const newest = NEWEST_MINOR[major];
        const oldest = OLDEST_MINOR[major];
        if (newest === undefined || oldest === undefined) continue;
        const best = Math.min(minor, newest);
        if (best >= Math.max(oldest, minor - range)) return { major, minor: best };
    }
    return undefined;
}
