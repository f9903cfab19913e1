/** A backup bucket and an S3 server with nothing said of them but what must be. */
import type { BackupBucketArgs } from "../../../../components/backup/bucket";
import { ObjectStore, type ObjectStoreArgs } from "../../../../components/backup/object-store";
import type { Target } from "../../../../targets/target";
import { dockerTarget, LOGS, RESOURCES } from "../fixtures";

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
