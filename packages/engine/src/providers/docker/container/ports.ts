import { readdir, readFile, readlink } from "node:fs/promises";

import type { Connection } from "../client";
import { messageOf } from "../errors";

const CLASH = /port is already allocated|address already in use|ports are not available/i;
const LISTENING = "0A";

/** If starting failed because a host port is taken: which, and by whom. */
export async function portClash(connection: Connection, error: unknown): Promise<string | undefined> {
    const message = messageOf(error);
    if (!CLASH.test(message)) return undefined;
    const match = /(?:Bind for|listen (?:tcp|udp)\d?) (\S+?):(\d+)(?: failed|: bind)/.exec(message);
    if (!match) return message;
    const port = Number(match[2]);
    const protocol = message.includes("listen udp") ? "udp" : "tcp";
    const holder =
        (await containerOn(connection, port)) ?? (connection.local ? await processOn(port, protocol) : undefined);
    return (
        `port ${port} on ${match[1]} is taken${holder === undefined ? "" : ` by ${holder}`}. ` +
        `Stop ${holder === undefined ? "what uses it" : "that"}, or publish another port.`
    );
}

async function containerOn(connection: Connection, port: number): Promise<string | undefined> {
    const running = await connection.docker.listContainers();
    const holder = running.find((container) => container.Ports.some((binding) => binding.PublicPort === port));
    return holder && `the container ${holder.Names[0]?.replace(/^\//, "") ?? holder.Id.slice(0, 12)} (${holder.Image})`;
}

/** Linux only; elsewhere, and for processes of other users, it is not known. */
async function processOn(port: number, protocol: "tcp" | "udp"): Promise<string | undefined> {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
    const sockets = new Set<string>();
    for (const table of [protocol, `${protocol}6`]) {
        const text = await readFile(`/proc/net/${table}`, "utf8").catch(() => "");
        for (const line of text.split("\n").slice(1)) {
            const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
            if (local?.endsWith(suffix) && (protocol === "udp" || state === LISTENING))
                sockets.add(`socket:[${inode}]`);
        }
    }
    if (sockets.size === 0) return undefined;
    for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))) {
        for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
            const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
            if (!sockets.has(target)) continue;
            const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
            return `the process ${pid} (${name.trim()})`;
        }
    }
    return undefined;
}
