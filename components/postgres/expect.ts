/** What must hold of args that several components of Postgres take. */
import { postgresMiB, type Resources } from "../../systems/types";
import type { Problems } from "../problems";

interface Memory {
    /** `postgresql.conf` settings by name. */
    settings: Record<string, string>;
    resources: Resources;
    /** `/dev/shm` in MiB. Absent: no index is built there. */
    shmMiB?: number;
}

/**
 * The settings fit into the memory that there is.
 * @param owner whose memory it is, in a message's words
 * @param aside on shared_buffers, in a message's words
 */
export function expectMemory(
    problems: Problems,
    { settings, resources, shmMiB }: Memory,
    owner: "the container" | "a server",
    aside = "",
): void {
    const sharedBuffers = postgresMiB(settings.shared_buffers) ?? 0;
    const maintenance = postgresMiB(settings.maintenance_work_mem) ?? 0;
    problems
        .expect(
            sharedBuffers < resources.memoryLimitMiB,
            "settings.shared_buffers",
            `${sharedBuffers} MiB${aside} does not fit into ${owner}'s ${resources.memoryLimitMiB} MiB`,
        )
        .expect(
            shmMiB === undefined || shmMiB >= maintenance,
            "shmMiB",
            `${shmMiB} is below maintenance_work_mem (${maintenance} MiB), which parallel index builds put there`,
        );
}

export function expectExtensions(problems: Problems, extensions: string[]): void {
    for (const extension of extensions) {
        problems.expect(
            /^[a-z][a-z0-9_-]*$/.test(extension),
            "extensions",
            `"${extension}" is not an extension's name`,
        );
    }
}
