import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { type LogPolicy, OBJECT_STORE, type Probe, type Resources } from "../../systems/types";
import type { Target } from "../../targets/target";
import { logRotation } from "../log-rotation";
import { resourceOutputs, volumeOutputs, workloadOutputs } from "../outputs";
import { Problems } from "../problems";
import { expectResources } from "../service";
import { waitSeconds } from "../settings/probes";
import type { VolumeHandle, VolumeSpec, WorkloadHandle, WorkloadSpec } from "../spec";
import type { BackupLocation } from "./location";

export const OBJECT_STORE_PORT = 7070;

/** A directory of this name is a bucket. */
const BUCKET = "backups";

const DATA_DIRECTORY = "/data";
const OBJECTS = `${DATA_DIRECTORY}/objects`;

/** Beside the objects rather than in attributes of their files, which not every volume has. */
const METADATA = `${DATA_DIRECTORY}/metadata`;

/** Nobody's in particular: the image names none. */
const USER = "1000:1000";

/** It answers this without credentials. */
const HEALTH_PATH = "/health";

const HEALTH: Probe = {
    kind: "http",
    path: HEALTH_PATH,
    port: OBJECT_STORE_PORT,
    client: "wget",
    intervalSeconds: 10,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 15,
};

/** As long as AWS's own. */
const ACCESS_KEY_LENGTH = 20;
const SECRET_KEY_LENGTH = 40;

/** For a handful of clients that each send several packs at once. */
const PIDS = 128;

const STOP_GRACE_SECONDS = 30;

export interface ObjectStoreArgs {
    /** What `Target.image` returned for it. */
    image: pulumi.Input<string>;
    /** What holds the objects; its `owner` is `OBJECT_STORE`. */
    volume: VolumeSpec;
    resources: Resources;
    logs: LogPolicy;
    target: Target;
    /** Its keys are protected, and kept on delete. */
    protect: boolean;
}

/**
 * A server that speaks S3, over a volume: what the backups of a dev stack go to. It is in the stack that it keeps the backups of, so it
 * proves how they are made and restored, and is no place for the only copy.
 */
export class ObjectStore extends pulumi.ComponentResource {
    readonly location: BackupLocation<pulumi.Output<string>>;
    readonly workload: WorkloadHandle;
    readonly volume: VolumeHandle;
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(
        private readonly name: string,
        private readonly args: ObjectStoreArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("groundwork:backup:ObjectStore", name, {}, opts);
        validate(args);
        const accessKeyId = this.key("access-key", ACCESS_KEY_LENGTH);
        const secretAccessKey = this.key("secret-key", SECRET_KEY_LENGTH);
        this.volume = args.target.volume(args.volume, { parent: this });
        this.workload = args.target.workload(
            objectStoreSpec(args, this.volume, {
                ROOT_ACCESS_KEY_ID: accessKeyId,
                ROOT_SECRET_ACCESS_KEY: secretAccessKey,
            }),
            { parent: this },
        );
        this.ready = this.workload.resources;
        // It has one identity only: what the writer may not do is for a real bucket to refuse.
        const credentials = { accessKeyId, secretAccessKey };
        this.location = {
            endpoint: `http://${OBJECT_STORE}:${OBJECT_STORE_PORT}`,
            region: "us-east-1",
            bucket: BUCKET,
            pathStyle: true,
            writer: credentials,
            pruner: credentials,
        };
        this.registerOutputs({
            location: this.location,
            workload: workloadOutputs(this.workload),
            volume: volumeOutputs(this.volume),
            ready: resourceOutputs(this.ready),
        });
    }

    private key(word: string, length: number): pulumi.Output<string> {
        const { protect } = this.args;
        const password = new random.RandomPassword(
            `${this.name}-${word}`,
            { length, special: false },
            { parent: this, protect, retainOnDelete: protect },
        );
        return pulumi.secret(password.result);
    }
}

function objectStoreSpec(
    args: ObjectStoreArgs,
    volume: VolumeHandle,
    secretEnv: Record<string, pulumi.Output<string>>,
): WorkloadSpec {
    const server = [
        ...["versitygw", "--port", `:${OBJECT_STORE_PORT}`, "--health", HEALTH_PATH, "--quiet"],
        ...["posix", "--sidecar", METADATA, OBJECTS],
    ];
    return {
        name: OBJECT_STORE,
        component: "object-store",
        image: args.image,
        // Instead of the image's own entry point, which would read its backend from variables.
        command: ["/usr/bin/env"],
        args: ["sh", "-ec", `mkdir -p ${METADATA} ${OBJECTS}/${BUCKET}; exec ${server.join(" ")}`],
        replicas: 1,
        ports: [{ name: "s3", port: OBJECT_STORE_PORT, protocol: "tcp" }],
        env: {},
        secretEnv,
        files: [],
        mounts: [{ volume, path: DATA_DIRECTORY, readOnly: false, own: true }],
        tmpfs: [{ path: "/tmp", sizeMiB: 16 }],
        resources: args.resources,
        pidsLimit: PIDS,
        security: { user: USER, addCapabilities: [], readOnlyRoot: true },
        health: HEALTH,
        segments: ["data"],
        exclusive: "data",
        stopGraceSeconds: STOP_GRACE_SECONDS,
        logs: logRotation(args.logs),
        waitSeconds: waitSeconds(HEALTH),
    };
}

function validate(args: ObjectStoreArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems
        .expect(
            args.volume.owner === OBJECT_STORE,
            "volume.owner",
            `must be ${OBJECT_STORE}: nobody else may write to it`,
        )
        .throwIfAny("ObjectStore");
}
