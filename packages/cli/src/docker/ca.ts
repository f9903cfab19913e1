/** The root certificate of Caddy's own authority, which no browser and no curl knows. */
import type Docker from "dockerode";

import { noCertificate, ROOT_CERTIFICATE } from "../runtime/certificate";
import { readFileIn } from "./file";

/** @throws FailedError when the edge has none */
export async function readCaRoot(docker: Docker, edgeId: string): Promise<string> {
    const text = await readFileIn(docker, edgeId, ROOT_CERTIFICATE);
    if (text === undefined) throw noCertificate();
    return text;
}
