import type { Connection } from "../client";
import { isNotFound } from "../errors";
import type { Inspect } from "./api";

/** By id or name; undefined when it is gone or going. */
export async function inspectContainer(connection: Connection, id: string): Promise<Inspect | undefined> {
    try {
        const info = (await connection.docker.getContainer(id).inspect()) as Inspect;
        return info.State.Status === "removing" ? undefined : info;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}
