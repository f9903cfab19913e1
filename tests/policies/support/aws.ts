/** Resources of AWS for specifications. */
import type { Raw } from "../../../policies/core/raw";
import { resource, type Resource } from "../../../policies/core/resource";

/** A statement that refuses requests without TLS. */
export const TLS_ONLY = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const ALL = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

/** What a bucket is encrypted with. */
export const BY_OWN_KEY = {
    sseAlgorithm: "aws:kms",
    kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
};

/** What keeps every rule, by the resource that says it. */
const PASSING: Readonly<Record<string, Raw>> = {
    LifecycleConfiguration: {
        rules: [
            {
                status: "Enabled",
                abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
                noncurrentVersionExpiration: { noncurrentDays: 30 },
            },
        ],
    },
    Logging: { targetBucket: "shop-log" },
    ObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 14 } } },
    OwnershipControls: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    Policy: { policy: JSON.stringify({ Statement: [TLS_ONLY] }) },
    PublicAccessBlock: ALL,
    ReplicationConfig: { rules: [{ destination: { bucket: "arn:aws:s3:::shop-copy" } }] },
    ServerSideEncryptionConfiguration: {
        rules: [{ applyServerSideEncryptionByDefault: BY_OWN_KEY }],
    },
    Versioning: { versioningConfiguration: { status: "Enabled" } },
};

/** A resource by the end of its token, `s3/bucketPolicy:BucketPolicy`; protected, as all are that hold data. */
export function aws(type: string, props: Raw, name = "shop"): Resource {
    const short = type.split(":").at(-1)!;
    const options = { protect: true };
    return resource({ type: `aws:${type}`, name: `${short}/${name}`, urn: `urn:${short}:${name}`, props, options });
}

/** A bucket alone, with these inputs. */
export function plain(props: Raw = {}, name = "shop"): Resource {
    return aws("s3/bucket:Bucket", { bucket: name, ...props }, name);
}

/** A setting of a bucket, as a resource of its own. */
export function part(of: string, props: Raw, name = "shop"): Resource {
    return aws(`s3/bucket${of}:Bucket${of}`, { bucket: name, ...props }, name);
}

/** As `part`, under the name that version 6 of the provider has for it. */
export function partV2(of: string, props: Raw, name = "shop"): Resource {
    return aws(`s3/bucket${of}V2:Bucket${of}V2`, { bucket: name, ...props }, name);
}

/** As `plain`, under the name that version 6 of the provider has for it. */
export function plainV2(props: Raw = {}, name = "shop"): Resource {
    return aws("s3/bucketV2:BucketV2", { bucket: name, ...props }, name);
}

/** A bucket with settings that keep every rule but for these; undefined: without it. */
export function bucket(changes: Readonly<Record<string, Raw | undefined>> = {}, own: Raw = {}): Resource[] {
    const settings = Object.entries({ ...PASSING, ...changes });
    return [
        plain({ objectLockEnabled: true, ...own }),
        ...settings.flatMap(([of, props]) => (props ? [part(of, props)] : [])),
    ];
}

/** The buckets into which `bucket` logs, and is copied. */
export function others(): Resource[] {
    const { Logging: _logging, ReplicationConfig: _replication, ObjectLockConfiguration: _lock, ...log } = PASSING;
    const encryption = { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] };
    const logs = { ...log, ServerSideEncryptionConfiguration: encryption };
    const copy = { ...log, ObjectLockConfiguration: PASSING["ObjectLockConfiguration"]! };
    return [
        plain({}, "shop-log"),
        ...Object.entries(logs).map(([of, props]) => part(of, props, "shop-log")),
        plain({ objectLockEnabled: true }, "shop-copy"),
        ...Object.entries(copy).map(([of, props]) => part(of, props, "shop-copy")),
    ];
}

const HOLDERS = {
    bucket: ["s3/bucketPolicy:BucketPolicy", "policy"],
    identity: ["iam/policy:Policy", "policy"],
    key: ["kms/keyPolicy:KeyPolicy", "policy"],
    resource: ["sqs/queuePolicy:QueuePolicy", "policy"],
    trust: ["iam/role:Role", "assumeRolePolicy"],
} as const;

/** A policy document of these statements, where such a one belongs. */
export function document(kind: keyof typeof HOLDERS, ...statements: Raw[]): Resource {
    const [type, key] = HOLDERS[kind];
    return aws(type, { [key]: JSON.stringify({ Version: "2012-10-17", Statement: statements }) });
}

/** A policy that allows this. */
export function allows(Action: unknown, Resource: unknown = "*", more: Raw = {}): Resource {
    return document("identity", { Effect: "Allow", Action, Resource, ...more });
}

/** A policy document that is not known yet, where such a one belongs. */
export function notKnown(kind: keyof typeof HOLDERS, value: string): Resource {
    const [type, key] = HOLDERS[kind];
    return aws(type, { [key]: value });
}
