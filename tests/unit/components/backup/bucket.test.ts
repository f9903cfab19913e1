/**
 * The backup bucket on mocks. Cannot prove: see harness.ts; that AWS takes and enforces what it is told, of which tests/engine/aws proves
 * the shape.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { BackupBucket, type BackupBucketArgs } from "../../../../components/backup/bucket";
import { thrown } from "../fixtures";
import { record, type Recording, secret, valueOf } from "../harness";
import { BUCKET } from "./fixtures";

const LOCK = { mode: "compliance", days: 14 } as const;

function make(changes: Partial<BackupBucketArgs> = {}) {
    return record(() => new BackupBucket("b", { ...BUCKET, ...changes }));
}

/** Settings that every bucket has, whatever it is for. */
const EACH = {
    "aws:s3/bucket:Bucket": 1,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
    "aws:s3/bucketVersioning:BucketVersioning": 1,
    "aws:s3/bucketPolicy:BucketPolicy": 1,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
};

const times = (count: number) => Object.fromEntries(Object.keys(EACH).map((type) => [type, count]));

interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: unknown;
}

function statements(recording: Recording, name: string, type?: string): Statement[] {
    const { policy } = recording.one(name, type).inputs as { policy: string };
    return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}

describe("a backup bucket", () => {
    test("is two buckets, a key, and two identities with a policy and a key each", async () => {
        const [, recording] = await make();
        expect(recording.counts()).toEqual({
            "groundwork:backup:BackupBucket": 1,
            "pulumi:providers:aws": 1,
            "aws:kms/key:Key": 1,
            ...times(2),
            "aws:s3/bucketLogging:BucketLogging": 1,
            "aws:iam/user:User": 2,
            "aws:iam/userPolicy:UserPolicy": 2,
            "aws:iam/accessKey:AccessKey": 2,
        });
    });

    test("and with a lock and a replica, one bucket, one key and a role more", async () => {
        const [, recording] = await make({ lock: LOCK, replicaRegion: "eu-west-1" });
        expect(recording.counts()).toEqual({
            "groundwork:backup:BackupBucket": 1,
            "pulumi:providers:aws": 1,
            "aws:kms/key:Key": 2,
            ...times(3),
            // The log has none: S3 cannot deliver to a bucket that locks.
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": 2,
            "aws:s3/bucketLogging:BucketLogging": 1,
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig": 1,
            "aws:iam/role:Role": 1,
            "aws:iam/rolePolicy:RolePolicy": 1,
            "aws:iam/user:User": 2,
            "aws:iam/userPolicy:UserPolicy": 2,
            "aws:iam/accessKey:AccessKey": 2,
        });
    });

    test("and its keys are protected and kept, or go with all that is in them", async () => {
        const [, kept] = await make();
        for (const name of ["b", "b-log"]) {
            expect(kept.one(name, "aws:s3/bucket:Bucket")).toMatchObject({
                protect: true,
                retainOnDelete: true,
                inputs: { forceDestroy: false, region: "eu-central-1", tags: { stack: "test" } },
            });
        }
        expect(kept.one("b-key")).toMatchObject({ protect: true, retainOnDelete: true });
        const [, gone] = await make({ protect: false });
        expect(gone.one("b", "aws:s3/bucket:Bucket")).toMatchObject({
            protect: false,
            retainOnDelete: false,
            inputs: { forceDestroy: true },
        });
    });

    test("lets nobody in but its owner, and nothing without a recent TLS or with another key", async () => {
        const [, recording] = await make();
        expect(recording.one("b-public-access").inputs).toMatchObject({
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        });
        expect(recording.one("b-ownership").inputs).toMatchObject({ rule: { objectOwnership: "BucketOwnerEnforced" } });
        const policy = statements(recording, "b-policy");
        expect(policy.map(({ Sid, Effect }) => `${Effect} ${Sid}`)).toEqual([
            "Deny TlsOnly",
            "Deny RecentTlsOnly",
            "Deny OwnKeyOnly",
        ]);
        expect(policy[0]?.Condition).toEqual({ Bool: { "aws:SecureTransport": "false" } });
        expect(policy[1]?.Condition).toEqual({ NumericLessThan: { "s3:TlsVersion": "1.2" } });
        // S3 refuses a policy while the block of public access changes.
        expect(recording.one("b-policy").dependencies).toEqual(expect.arrayContaining(["b-public-access"]));
    });

    test("encrypts with a key that rotates, and cannot be gone before anybody notices", async () => {
        const [, recording] = await make();
        expect(recording.one("b-key").inputs).toMatchObject({
            enableKeyRotation: true,
            rotationPeriodInDays: 365,
            deletionWindowInDays: 30,
        });
        expect(recording.one("b-encryption").inputs.rules).toMatchObject([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true },
        ]);
    });

    test("keeps what was removed for as long as it is told, and moves packs alone to the cheaper class", async () => {
        const [, recording] = await make({ noncurrentDays: 45 });
        expect(recording.one("b-lifecycle").inputs.rules).toEqual([
            {
                id: "abort-broken-uploads",
                status: "Enabled",
                filter: {},
                abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
            },
            {
                id: "remove-old-versions",
                status: "Enabled",
                filter: {},
                noncurrentVersionExpiration: { noncurrentDays: 45 },
                expiration: { expiredObjectDeleteMarker: true },
            },
            {
                id: "store-packs-cheaper",
                status: "Enabled",
                filter: { objectSizeGreaterThan: 131_072 },
                transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
            },
        ]);
    });

    test("locks in the mode and for the days that it is told", async () => {
        const [, recording] = await make({ lock: LOCK });
        expect(recording.one("b", "aws:s3/bucket:Bucket").inputs.objectLockEnabled).toBe(true);
        expect(recording.one("b-lock").inputs.rule).toEqual({ defaultRetention: { mode: "COMPLIANCE", days: 14 } });
    });

    test("lets its log be written by S3's delivery for this bucket, and nobody else", async () => {
        const [, recording] = await make();
        expect(recording.one("b-logging").inputs).toMatchObject({
            targetPrefix: "access/",
            targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        });
        expect(recording.one("b-log-encryption").inputs.rules).toMatchObject([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ]);
        const allowed = statements(recording, "b-log-policy").filter(({ Effect }) => Effect === "Allow");
        expect(allowed).toMatchObject([
            { Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject", Condition: { ArnLike: {} } },
        ]);
    });

    test("is copied with its removals, within the time that S3 promises, once both ends are ready", async () => {
        const [, recording] = await make({ replicaRegion: "eu-west-1" });
        for (const name of ["b-replica-key", "b-replica-encryption", "b-replica-versioning", "b-replica-lifecycle"]) {
            expect(recording.one(name).inputs.region, name).toBe("eu-west-1");
        }
        const replication = recording.one("b-replication", "aws:s3/bucketReplicationConfig:BucketReplicationConfig");
        expect(replication.inputs.rules).toMatchObject([
            {
                status: "Enabled",
                deleteMarkerReplication: { status: "Enabled" },
                sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
                destination: { replicationTime: { status: "Enabled", time: { minutes: 15 } } },
            },
        ]);
        expect(replication.dependencies).toEqual(expect.arrayContaining(["b-versioning", "b-replica-versioning"]));
    });
});

describe("its identities", () => {
    const USER_POLICY = "aws:iam/userPolicy:UserPolicy";

    test("the writer removes nothing but the repository's locks, and the pruner no version", async () => {
        const [, recording] = await make();
        const removals = (name: string) =>
            statements(recording, name, USER_POLICY)
                .filter(({ Action }) =>
                    [Action].flat().some((action) => /Delete|Bypass|Put.*(Lock|Retention)|\*/.test(action)),
                )
                .map(({ Action, Resource }) => [Action, String(Resource).replace(/^.*?\//, "")]);
        expect(removals("b-writer")).toEqual([["s3:DeleteObject", "*/locks/*"]]);
        expect(removals("b-pruner")).toEqual([["s3:DeleteObject", "*"]]);
    });

    test("have keys that are secrets", async () => {
        const [made] = await make();
        for (const identity of ["writer", "pruner"] as const) {
            expect(await valueOf(made.location[identity].accessKeyId)).toMatchObject({
                value: `b-${identity}-id`,
                secret: true,
            });
        }
        expect((await valueOf(pulumi.output(made.location.endpoint))).value).toBe(
            "https://s3.eu-central-1.amazonaws.com",
        );
        expect(made.ready.length).toBeGreaterThan(0);
    });
});

test("another server is asked for everything, with its keys, and not for what only AWS has", async () => {
    const server = {
        endpoint: "http://127.0.0.1:5000",
        credentials: { accessKeyId: pulumi.secret("AK"), secretAccessKey: pulumi.secret("canary") },
    };
    const [made, recording] = await make({ server });
    expect(recording.ofType("pulumi:providers:aws")[0]?.inputs).toMatchObject({
        region: "eu-central-1",
        endpoints: JSON.stringify([{ s3: server.endpoint, kms: server.endpoint, iam: server.endpoint }]),
        accessKey: secret("AK"),
        secretKey: secret("canary"),
        s3UsePathStyle: "true",
        skipCredentialsValidation: "true",
        skipRequestingAccountId: "true",
    });
    expect(recording.plainText()).not.toContain("canary");
    expect(made.location).toMatchObject({ endpoint: server.endpoint, pathStyle: true });
});

test("everything that is wrong is told at once", () => {
    const error = thrown(
        () =>
            new BackupBucket("b", {
                ...BUCKET,
                bucket: "Backups",
                replicaRegion: "eu-central-1",
                lock: { mode: "governance", days: 60 },
                server: { endpoint: "minio", credentials: {} as never },
            }),
    );
    expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
    for (const path of ["bucket:", "replicaRegion:", "noncurrentDays:", "server.endpoint:"]) {
        expect(error.message).toContain(path);
    }
});
