/** One at a time: two who find no cluster must not both start one. */
import { once } from "node:events";
import { createServer } from "node:net";

import type { Say } from "./shell";

/** An abstract socket: it is gone with the process that holds it, so no lock is ever left behind. */
const LOCK = "\0groundwork-cluster";

/** Does the work when nobody else on this machine is at it. */
export async function locked<T>(say: Say, work: () => Promise<T>): Promise<T> {
    let told = false;
    for (;;) {
        const server = createServer();
        const held = await new Promise<boolean>((resolve, reject) => {
            server.once("listening", () => resolve(true));
            server.once("error", (error: NodeJS.ErrnoException) =>
                error.code === "EADDRINUSE" ? resolve(false) : reject(error),
            );
            server.listen(LOCK);
        });
        if (held) {
            try {
                return await work();
            } finally {
                server.close();
                await once(server, "close");
            }
        }
        if (!told) say("cluster: another process is at it; waiting");
        told = true;
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}
