/** The gRPC server that the program talks to: on a socket in a directory that only this user can open. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Server, UntypedServiceImplementation } from "@grpc/grpc-js";

import { proto } from "./proto";

/** As the SDK's: large properties must fit. */
const MAX_MESSAGE_BYTES = 400 << 20;

export class MonitorServer {
    private readonly dir = mkdtempSync(join(tmpdir(), "gw-engine-"));
    private server?: Server;

    /** Known before the server listens, so that the program can start meanwhile. */
    readonly address = `unix:${join(this.dir, "monitor.sock")}`;

    async listen(resource: UntypedServiceImplementation, engine: UntypedServiceImplementation): Promise<void> {
        const { grpc, resourceService, engineService } = proto();
        const server = new grpc.Server({
            "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
            "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
        });
        this.server = server;
        server.addService(resourceService.ResourceMonitorService as never, resource);
        server.addService(engineService.EngineService as never, engine);
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
