/** The S3 server of a stack. Cannot prove: see harness.ts; that the server runs, which tests/e2e/docker does. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { dockerTarget, RESOURCES, thrown } from "../fixtures";
import { record, valueOf } from "../harness";
import { dataTarget, objectStore } from "./fixtures";

const CONTAINER = "docker:index/container:Container";

function onDocker() {
    return record(() => objectStore(dataTarget()));
}

describe("on Docker", () => {
    test("is one container on the data network alone, with its volume and its two keys", async () => {
        const [, recording] = await onDocker();
        expect(recording.counts()).toEqual({
            "groundwork:backup:ObjectStore": 1,
            "pulumi:providers:docker": 1,
            "random:index/randomPassword:RandomPassword": 2,
            "docker:index/network:Network": 1,
            // Objects and the files of the keys.
            "docker:index/volume:Volume": 2,
            // Server, filler of the files, and who gives the volume to its user.
            [CONTAINER]: 3,
            // Process limit, and the run of who gives it.
            "command:local:Command": 2,
        });
        expect(recording.one("gw-test-s3", CONTAINER).inputs).toMatchObject({
            name: "gw-test-s3",
            user: "1000:1000",
            readOnly: true,
            ports: [],
            envs: [],
            networksAdvanced: [{ name: "gw-test-data-id", aliases: ["s3"] }],
            command: [
                "sh",
                "-ec",
                "mkdir -p /data/metadata /data/objects/backups; exec versitygw --port :7070 --health /health --quiet posix --sidecar /data/metadata /data/objects",
            ],
        });
    });

    test("tells who backs up where it is, with keys that are secrets and stand in no argument", async () => {
        const [store, recording] = await onDocker();
        expect(store.location).toMatchObject({ endpoint: "http://s3:7070", bucket: "backups", pathStyle: true });
        const { value, secret } = await valueOf(store.location.writer.secretAccessKey);
        expect(secret).toBe(true);
        expect(recording.plainText()).not.toContain(value);
        expect(store.location.pruner).toEqual(store.location.writer);
    });
});

test("a volume that others may write to is refused, with all else that is wrong", async () => {
    const [error] = await record(() =>
        thrown(() =>
            objectStore(dockerTarget(), {
                volume: { name: "backups", sizeMiB: 1024, stateful: true, shared: true },
                resources: { ...RESOURCES, cpuReservation: 9 },
            }),
        ),
    );
    expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
    expect(error.message).toContain("volume.owner");
    expect(error.message).toContain("resources.cpuReservation");
});
