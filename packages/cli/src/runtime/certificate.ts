/** The root certificate of Caddy's own authority, and the copy of it that `gw smoke` and the hint for curl use. */
import { join } from "node:path";

import type { StackConfig } from "../../../../config/types";
import { FailedError } from "../errors";
import { makeDirectory, writeWhole } from "../files";
import type { Project } from "../project";

/** Where Caddy keeps it: https://caddyserver.com/docs/automatic-https#local-https */
export const ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt";

/** Whether the certificate that users see is of Caddy's own authority. */
export function isOwnAuthority({
    kubernetes,
    target,
    tls,
}: Pick<StackConfig, "kubernetes" | "target" | "tls">): boolean {
    return tls.mode === "internal" && (target === "docker" || kubernetes.edge.via === "service");
}

export function noCertificate(): FailedError {
    return new FailedError(
        `The edge has no root certificate at ${ROOT_CERTIFICATE} yet.`,
        "Is it healthy? See gw status and gw logs caddy.",
    );
}

/** Path of the copy. */
export function caPath(project: Project, stack: string): string {
    return join(project.dataDir, "ca", `${stack}.crt`);
}

export function saveCa(project: Project, stack: string, pem: string): string {
    const path = caPath(project, stack);
    makeDirectory(join(project.dataDir, "ca"), 0o700);
    writeWhole(path, pem, { mode: 0o644 });
    return path;
}
