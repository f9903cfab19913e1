/** The gRPC server that the program talks to: on a socket in a directory that only this user can open. */
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Server, ServerUnaryCall, sendUnaryData, ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";

import { MESSAGE_LIMITS, proto } from "./proto";

const PREFIX = "gw-engine-";

/** Answers a request. @throws Partial<ServiceError> never: it is in the result */
export type Answer = (
    method: string,
    request: Message,
) => Promise<{ response: Message } | { error: Partial<ServiceError> }>;

export class MonitorServer {
    private readonly dir: string;
    private server?: Server;
    /** Known before the server listens, so that the program can start meanwhile. */
    readonly address: string;

    constructor() {
        sweep();
        this.dir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
        this.address = `unix:${join(this.dir, "monitor.sock")}`;
    }

    async listen(answer: Answer): Promise<void> {
        const { grpc, resourceService, engineService } = proto();
        const server = new grpc.Server(MESSAGE_LIMITS);
        this.server = server;
        for (const service of [resourceService.ResourceMonitorService, engineService.EngineService]) {
            const methods = Object.keys(service);
            server.addService(
                service as never,
                Object.fromEntries(methods.map((method) => [method, handler(method, answer)])),
            );
        }
        await new Promise<void>((resolve, reject) =>
            server.bindAsync(this.address, grpc.ServerCredentials.createInsecure(), (error) =>
                error ? reject(error) : resolve(),
            ),
        );
    }

    close(): void {
        this.server?.forceShutdown();
        rmSync(this.dir, { recursive: true, force: true });
    }
}

function handler(method: string, answer: Answer): UntypedServiceImplementation[string] {
    return (call: ServerUnaryCall<Message, Message>, respond: sendUnaryData<Message>) => {
        void answer(method, call.request).then((result) =>
            "error" in result ? respond(result.error) : respond(null, result.response),
        );
    };
}

/** Removes what this user's engines that were killed left behind; what other users' left is theirs, and closed to this one. */
function sweep(): void {
    const ours = new RegExp(`^${PREFIX}(\\d+)-`);
    for (const name of readdirSync(tmpdir())) {
        const pid = Number(ours.exec(name)?.[1] ?? Number.NaN);
        const path = join(tmpdir(), name);
        if (!Number.isNaN(pid) && pid !== process.pid && !isAlive(pid) && isOwn(path))
            rmSync(path, { recursive: true, force: true });
    }
}

function isOwn(path: string): boolean {
    // Gone: another engine sweeps at the same time.
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found !== undefined && found.uid === (process.getuid?.() ?? found.uid);
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // Another user's process lives too.
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
