/**
 * The backup bucket through the embedded engine, on a server that has the shape of AWS's API. What moto cannot prove: that AWS enforces
 * what it is told (policies, locks, replication), and what the real provider makes of the same inputs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { createEmbeddedEngine, type EmbeddedEngine, type PreviewDigest } from "../../../packages/engine/src";
import { ROOT } from "../../e2e/support/sandbox";
import { type Moto, startMoto } from "./moto";

const KEYS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "canary-of-the-tests" };
const HOME = "eu-central-1";
const AWAY = "eu-west-1";

/** What moto takes and does not keep: removals that are replicated, rules by size, the log's format by date. */
const FORGOTTEN = ["lifecycle", "replica-lifecycle", "replication", "logging"].map((part) => `gw-test-backup-${part}`);

let moto: Moto;
let reason: string | undefined;
const directory = mkdtempSync(join(tmpdir(), "groundwork-aws-"));

beforeAll(async () => {
    const started = await startMoto();
    if (typeof started === "string") reason = started;
    else moto = started;
}, 600_000);
beforeEach((context) => {
    if (reason) context.skip(reason);
});
afterAll(() => {
    moto?.stop();
    rmSync(directory, { recursive: true, force: true });
});

function engine(stack: string, config: Record<string, unknown> = {}): EmbeddedEngine {
    const secrets = { accessKeyId: KEYS.accessKeyId, secretAccessKey: KEYS.secretAccessKey };
    const texts = Object.entries({ endpoint: moto.endpoint, ...config }).map(([key, value]) => [
        `bucket:${key}`,
        { value: typeof value === "string" ? value : JSON.stringify(value), secret: false },
    ]);
    return createEmbeddedEngine({
        projectDir: join(ROOT, "tests/fixtures/programs/bucket"),
        stateDir: join(directory, stack),
        stack,
        passphrase: "of these tests",
        config: {
            ...Object.fromEntries(texts),
            ...Object.fromEntries(
                Object.entries(secrets).map(([key, value]) => [`bucket:${key}`, { value, secret: true }]),
            ),
        },
    });
}

/** What a preview would do, by operation. */
function operations(digest: PreviewDigest): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    for (const { op, urn } of digest.steps) {
        if (op !== "same") (found[op] ??= []).push(urn.split("::").at(-1)!);
    }
    return found;
}

const clients = {
    s3: (region = HOME) => new S3({ region, endpoint: moto.endpoint, credentials: KEYS, forcePathStyle: true }),
    kms: (region = HOME) => new KMS({ region, endpoint: moto.endpoint, credentials: KEYS }),
    iam: () => new IAM({ region: HOME, endpoint: moto.endpoint, credentials: KEYS }),
};

/** moto reads a policy without its conditions, and so refuses everybody everything: objects come and go while there is none. */
async function withoutPolicy(Bucket: string, action: (s3: S3) => Promise<unknown>): Promise<void> {
    const s3 = clients.s3();
    const { Policy } = await s3.getBucketPolicy({ Bucket });
    await s3.deleteBucketPolicy({ Bucket });
    await action(s3);
    await s3.putBucketPolicy({ Bucket, Policy });
}

async function bucketOf(made: EmbeddedEngine): Promise<string> {
    return (await made.outputs()).bucket!.value as string;
}

describe("a backup bucket with a lock and a replica", () => {
    const config = { replicaRegion: AWAY, lock: { mode: "compliance", days: 30 }, noncurrentDays: 30 };
    let up: EmbeddedEngine;
    let name = "";

    beforeAll(async () => {
        if (reason) return;
        up = engine("whole", config);
        await up.up();
        name = await bucketOf(up);
    });

    test("is private, encrypted with its own key that rotates, and keeps versions", async () => {
        const s3 = clients.s3();
        expect(name).toMatch(/^gw-test-backup-[0-9a-f]{7}$/);
        const access = await s3.getPublicAccessBlock({ Bucket: name });
        expect(access.PublicAccessBlockConfiguration).toEqual({
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
        });
        expect((await s3.getBucketOwnershipControls({ Bucket: name })).OwnershipControls?.Rules).toEqual([
            { ObjectOwnership: "BucketOwnerEnforced" },
        ]);
        expect((await s3.getBucketVersioning({ Bucket: name })).Status).toBe("Enabled");
        const encryption = await s3.getBucketEncryption({ Bucket: name });
        const [rule] = encryption.ServerSideEncryptionConfiguration!.Rules!;
        expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe("aws:kms");
        const KeyId = rule!.ApplyServerSideEncryptionByDefault!.KMSMasterKeyID!;
        expect(await clients.kms().getKeyRotationStatus({ KeyId })).toMatchObject({
            KeyRotationEnabled: true,
        });
    });

    test("has a lock for as long as the stack says", async () => {
        const { ObjectLockConfiguration: lock } = await clients.s3().getObjectLockConfiguration({ Bucket: name });
        expect(lock).toMatchObject({
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
        });
    });

    test("copies everything to a bucket in the other region, encrypted with a key of that region", async () => {
        const { ReplicationConfiguration: found } = await clients.s3().getBucketReplication({ Bucket: name });
        const [rule] = found!.Rules!;
        expect(rule).toMatchObject({ Status: "Enabled" });
        const replica = rule!.Destination!.Bucket!.replace("arn:aws:s3:::", "");
        const { LocationConstraint } = await clients.s3(AWAY).getBucketLocation({ Bucket: replica });
        expect(LocationConstraint).toBe(AWAY);
        const KeyId = rule!.Destination!.EncryptionConfiguration!.ReplicaKmsKeyID!;
        expect((await clients.kms(AWAY).describeKey({ KeyId })).KeyMetadata?.Arn).toContain(`:${AWAY}:`);
        expect(
            (await clients.s3(AWAY).getObjectLockConfiguration({ Bucket: replica })).ObjectLockConfiguration,
        ).toMatchObject({
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
        });
    });

    test("writes its access log to a bucket of its own, which S3's log delivery can write to", async () => {
        const { LoggingEnabled } = await clients.s3().getBucketLogging({ Bucket: name });
        const log = LoggingEnabled!.TargetBucket!;
        expect(log).not.toBe(name);
        const encryption = await clients.s3().getBucketEncryption({ Bucket: log });
        expect(
            encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        ).toBe("AES256");
    });

    test("gives its writer no right to remove a backup, and nobody one to remove a version", async () => {
        const iam = clients.iam();
        const { Users } = await iam.listUsers({});
        const allowed = new Map<string, string[]>();
        for (const word of ["writer", "pruner"]) {
            const user = Users!.find(({ UserName }) => UserName!.startsWith(`gw-test-backup-${word}-`))!.UserName!;
            const [PolicyName] = (await iam.listUserPolicies({ UserName: user })).PolicyNames!;
            const { PolicyDocument } = await iam.getUserPolicy({ UserName: user, PolicyName });
            const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument!)) as {
                Statement: { Action: string | string[]; Resource: string }[];
            };
            const removals = Statement.filter(({ Action }) => [Action].flat().some((name) => /Delete|\*/.test(name)));
            allowed.set(
                word,
                removals.map(({ Action, Resource }) => `${[Action].flat().join()} ${Resource}`),
            );
        }
        expect(Object.fromEntries(allowed)).toEqual({
            writer: [`s3:DeleteObject arn:aws:s3:::${name}/*/locks/*`],
            pruner: [`s3:DeleteObject arn:aws:s3:::${name}/*`],
        });
    });

    test("the keys that it gives out are kept as secrets, and no secret is in the state", async () => {
        const state = JSON.stringify(await up.exportState());
        const { AccessKeyId } = (
            await clients.iam().listAccessKeys({
                UserName: (await clients.iam().listUsers({})).Users!.find(({ UserName }) =>
                    UserName!.startsWith("gw-test-backup-writer-"),
                )!.UserName!,
            })
        ).AccessKeyMetadata![0]!;
        const writer = (await up.outputs()).writer!.value as { accessKeyId: string; secretAccessKey: string };
        expect(writer.accessKeyId).toBe(AccessKeyId);
        expect(writer.secretAccessKey.length).toBeGreaterThan(20);
        expect(state).not.toContain(writer.secretAccessKey);
        expect(state).not.toContain(KEYS.secretAccessKey);
    });

    test("has nothing to change right after, and nothing differs from what a refresh finds", async () => {
        expect(operations(await up.preview())).toEqual({});
        await up.refresh();
        expect(operations(await up.preview())).toEqual({ update: FORGOTTEN });
    });

    test("a refresh finds what somebody changed, and the next run puts it back", async () => {
        const s3 = clients.s3();
        await s3.putBucketVersioning({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } });
        await s3.deleteBucketPolicy({ Bucket: name });
        await s3.deletePublicAccessBlock({ Bucket: name });
        const [first] = (await s3.getBucketLifecycleConfiguration({ Bucket: name })).Rules!;
        await s3.putBucketLifecycleConfiguration({ Bucket: name, LifecycleConfiguration: { Rules: [first!] } });
        await up.refresh();
        expect(operations(await up.preview())).toEqual({
            create: ["gw-test-backup-public-access", "gw-test-backup-policy"],
            update: FORGOTTEN,
        });
        await up.up();
        expect((await s3.getBucketLifecycleConfiguration({ Bucket: name })).Rules).toHaveLength(3);
        expect(operations(await up.preview())).toEqual({});
    });

    test("a change of the lock, the retention and the tags is made in place, and locks what is written then", async () => {
        const changed = engine("whole", {
            ...config,
            lock: { mode: "governance", days: 7 },
            noncurrentDays: 40,
            owner: "b",
        });
        const steps = operations(await changed.preview());
        expect(Object.keys(steps)).toEqual(["update"]);
        await changed.up();
        const { TagSet } = await clients.s3().getBucketTagging({ Bucket: name });
        expect(TagSet).toEqual([{ Key: "stack", Value: "b" }]);
        expect((await clients.s3().getObjectLockConfiguration({ Bucket: name })).ObjectLockConfiguration).toMatchObject(
            {
                Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 7 } },
            },
        );
        expect(operations(await changed.preview())).toEqual({});
        // Last: moto changes the lock of an empty bucket only.
        await withoutPolicy(name, async (s3) => {
            const object = { Bucket: name, Key: "a/data/pack" };
            await s3.putObject({ ...object, Body: "bytes" });
            expect((await s3.headObject(object)).ObjectLockMode).toBe("GOVERNANCE");
        });
    });
});

describe("a backup bucket without either", () => {
    test("goes without a trace, with the objects in it", async () => {
        const made = engine("plain");
        await made.up();
        const name = await bucketOf(made);
        // Not several versions: moto has none left in a bucket that keeps none any more.
        await withoutPolicy(name, async (s3) => {
            for (const Key of ["a/data/1", "a/data/2"]) await s3.putObject({ Bucket: name, Key, Body: "bytes" });
        });
        const users = async () => (await clients.iam().listUsers({})).Users!.length;
        const before = await users();
        await made.destroy();
        expect(await users()).toBe(before - 2);
        await expect(clients.s3().headBucket({ Bucket: name })).rejects.toMatchObject({ name: "NotFound" });
    });

    test("is adopted, not made twice, when a run ended before it could note that it was made", async () => {
        const made = engine("broken-off");
        await made.up();
        const buckets = async () => (await clients.s3().listBuckets({})).Buckets!.length;
        const before = await buckets();
        // As a run leaves it that was killed after the request and before its answer.
        const state = await made.exportState();
        const { deployment } = state as unknown as {
            deployment: { resources: { urn: string; type: string }[]; pending_operations?: unknown[] };
        };
        const at = deployment.resources.findIndex(({ type }) => type === "aws:kms/key:Key");
        const [resource] = deployment.resources.splice(at, 1);
        deployment.pending_operations = [{ resource, type: "creating" }];
        await made.importState(state);
        const keys = async () => (await clients.kms().listKeys({})).Keys!.length;
        const keysBefore = await keys();
        await made.up();
        expect(await buckets()).toBe(before);
        expect(await keys()).toBe(keysBefore);
        await made.destroy();
    });
});
