/** A backup bucket and an S3 server with nothing said of them but what must be, and what a stack tells the toolbox. */
import type { BackupBucketArgs } from "../../../../components/backup/bucket";
import { ObjectStore, type ObjectStoreArgs } from "../../../../components/backup/object-store";
import { type BackupConfig, parseConfig } from "../../../../packages/backup/src/config";
import type { Target } from "../../../../targets/target";
import { dockerTarget, LOGS, RESOURCES } from "../fixtures";
import type { Recording, Registration } from "../harness";

export const BUCKET: BackupBucketArgs = {
    region: "eu-central-1",
    noncurrentDays: 30,
    tags: { stack: "test" },
    protect: true,
};

/** With the network that the server is on. Call it inside of `record`. */
export function dataTarget(): Target {
    const target = dockerTarget();
    target.network({ segment: "data", isolated: true }, {});
    return target;
}

export function objectStore(target: Target, changes: Partial<ObjectStoreArgs> = {}): ObjectStore {
    return new ObjectStore("gw-test-s3", {
        image: "sha256:s3",
        volume: { name: "backups", sizeMiB: 1024, stateful: true, shared: false, owner: "s3" },
        resources: RESOURCES,
        logs: LOGS,
        target,
        protect: false,
        ...changes,
    });
}

export const CONTAINER = "docker:index/container:Container";

interface Upload {
    file: string;
    content: unknown;
}

/** The files that a container puts into volumes. */
export const uploads = (filler: Registration): Upload[] => (filler.inputs.uploads ?? []) as Upload[];

/** The configuration that a container or pod of this name gets, as the toolbox reads it. */
export function configurationOf(recording: Recording, name: string): BackupConfig {
    const files = recording.all.flatMap((each) => [
        ...(each.name === `gw-test-${name}-etc-groundwork-backup-files`
            ? uploads(each).map(({ content }) => content)
            : []),
        ...(each.name === `${name}-files` ? [(each.inputs.data as Record<string, unknown>)["config.json"]] : []),
    ]);
    if (files.length !== 1) throw new Error(`${name} has ${files.length} configurations`);
    return parseConfig(String(files[0]), name);
}
