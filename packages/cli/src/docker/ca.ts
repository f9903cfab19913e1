/** The root certificate of Caddy's own authority, which no browser and no curl knows. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

import type Docker from "dockerode";
import { extract } from "tar-stream";

import { FailedError } from "../errors";
import type { Project } from "../project";
import { isNotFound } from "./errors";

/** Where Caddy keeps it: https://caddyserver.com/docs/automatic-https#local-https */
const ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt";

/** @throws FailedError when the edge has none */
export async function readCaRoot(docker: Docker, edgeId: string): Promise<string> {
    let archive: Readable;
    try {
        archive = (await docker.getContainer(edgeId).getArchive({ path: ROOT_CERTIFICATE })) as unknown as Readable;
    } catch (error) {
        if (!isNotFound(error)) throw error;
        throw new FailedError(
            `The edge has no root certificate at ${ROOT_CERTIFICATE} yet.`,
            "Is it healthy? See gw status and gw logs caddy.",
        );
    }
    const tar = extract();
    const chunks: Buffer[] = [];
    archive.on("error", (error) => tar.destroy(error));
    archive.pipe(tar);
    for await (const entry of tar) for await (const chunk of entry) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}

/** Path of the copy that `gw smoke` and the hint for curl use. */
export function caPath(project: Project, stack: string): string {
    return join(project.dataDir, "ca", `${stack}.crt`);
}

export function saveCa(project: Project, stack: string, pem: string): string {
    const path = caPath(project, stack);
    mkdirSync(join(project.dataDir, "ca"), { recursive: true, mode: 0o700 });
    writeFileSync(path, pem, { mode: 0o644 });
    return path;
}
