/** A bucket with everything on it that keeps it private and what is in it safe: the same for backups, their replica and the access log. */
import {
    Bucket,
    BucketLifecycleConfiguration,
    BucketObjectLockConfiguration,
    BucketOwnershipControls,
    BucketPolicy,
    BucketPublicAccessBlock,
    BucketServerSideEncryptionConfiguration,
    BucketVersioning,
} from "@pulumi/aws/s3";
import type { s3 } from "@pulumi/aws/types/input";
import type * as pulumi from "@pulumi/pulumi";

export interface ObjectLock {
    /** `compliance`: nobody can shorten or lift it, not the account's owner. `governance`: who has a right of its own can. */
    mode: "compliance" | "governance";
    /** How long every new object can be neither changed nor removed. */
    days: number;
}

export interface SecuredBucketArgs {
    /** Default: one of the provider's making, because names are the whole world's. */
    bucket?: pulumi.Input<string>;
    region: string;
    /** Key that it encrypts with; absent: S3's own, which is what log delivery can write with. */
    keyArn?: pulumi.Output<string>;
    policy: (bucketArn: pulumi.Output<string>) => pulumi.Output<string>;
    lock?: ObjectLock;
    lifecycle: s3.BucketLifecycleConfigurationRule[];
    tags: Record<string, string>;
    /** Protected, and kept on delete; else it goes with all that is in it. */
    protect: boolean;
}

export interface SecuredBucket {
    bucket: Bucket;
    /** What must be there before anything is written. */
    ready: pulumi.Resource[];
}

/** Makes it and its settings as children of `opts.parent`, named after it. */
export function securedBucket(
    name: string,
    args: SecuredBucketArgs,
    opts: pulumi.CustomResourceOptions,
): SecuredBucket {
    const { region, lock, protect } = args;
    const made = new Bucket(
        name,
        {
            ...(args.bucket !== undefined && { bucket: args.bucket }),
            region,
            forceDestroy: !protect,
            objectLockEnabled: lock !== undefined,
            tags: args.tags,
        },
        { ...opts, protect, retainOnDelete: protect },
    );
    const at = { bucket: made.bucket, region };
    const ownership = new BucketOwnershipControls(
        `${name}-ownership`,
        { ...at, rule: { objectOwnership: "BucketOwnerEnforced" } },
        opts,
    );
    const access = new BucketPublicAccessBlock(
        `${name}-public-access`,
        {
            ...at,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        },
        opts,
    );
    const encryption = new BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        { ...at, rules: [encryptionRule(args.keyArn)] },
        opts,
    );
    const versioning = new BucketVersioning(
        `${name}-versioning`,
        { ...at, versioningConfiguration: { status: "Enabled" } },
        opts,
    );
    // S3 refuses a policy while the block of public access changes.
    const policy = new BucketPolicy(
        `${name}-policy`,
        { ...at, policy: args.policy(made.arn) },
        { ...opts, dependsOn: [access, ownership] },
    );
    // Older versions are what most of its rules are about.
    const lifecycle = new BucketLifecycleConfiguration(
        `${name}-lifecycle`,
        { ...at, rules: args.lifecycle },
        { ...opts, dependsOn: [versioning] },
    );
    const locked = lock && [
        new BucketObjectLockConfiguration(
            `${name}-lock`,
            { ...at, rule: { defaultRetention: { mode: lock.mode.toUpperCase(), days: lock.days } } },
            { ...opts, dependsOn: [versioning] },
        ),
    ];
    return {
        bucket: made,
        ready: [ownership, access, encryption, versioning, policy, lifecycle, ...(locked ?? [])],
    };
}

/** A bucket key asks KMS once for many objects: a hundredth of the requests, and of their cost. */
function encryptionRule(keyArn: pulumi.Output<string> | undefined): s3.BucketServerSideEncryptionConfigurationRule {
    return keyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false }
        : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
          };
}
