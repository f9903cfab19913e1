import { AccessKey, Role, RolePolicy, User, UserPolicy } from "@pulumi/aws/iam";
import { Key } from "@pulumi/aws/kms";
import { Provider } from "@pulumi/aws/provider";
import { BucketLogging, BucketReplicationConfig } from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

import { BUCKET_NAME } from "../../config/formats";
import { LONGEST_DAYS } from "../../config/schema.backup";
import { resourceOutputs } from "../outputs";
import { Problems } from "../problems";
import { backupLifecycle, logLifecycle } from "./aws/lifecycle";
import {
    bucketPolicy,
    logBucketPolicy,
    prunerPolicy,
    REPLICATION_TRUST,
    replicationPolicy,
    writerPolicy,
} from "./aws/policies";
import { type ObjectLock, type SecuredBucket, securedBucket } from "./aws/secured-bucket";
import type { BackupLocation, BucketCredentials } from "./location";

/** How long a key that is deleted can be brought back: the longest that AWS allows, since every backup goes with it. */
const KEY_DELETION_DAYS = 30;

/** AWS's own default, said so that nobody has to look it up. */
const KEY_ROTATION_DAYS = 365;

/** S3 promises a replica within this time, and tells when it is late. The only value that it takes. */
const REPLICATION_MINUTES = 15;

export interface BackupBucketArgs {
    /** Default: one of the provider's making, because names are the whole world's. */
    bucket?: string;
    /** e.g. `eu-central-1`. */
    region: string;
    /** A second region that everything is copied to. Default: none. */
    replicaRegion?: string;
    /** Default: none. */
    lock?: ObjectLock;
    /** For how many days what was removed or overwritten can be brought back. Not fewer than the lock's. */
    noncurrentDays: number;
    /**
     * Server that speaks AWS's API, instead of AWS: its URL, and the keys to it. Default: AWS, with the credentials of
     * whoever runs this.
     */
    server?: { endpoint: string; credentials: BucketCredentials<pulumi.Output<string>> };
    /** Tags of everything. */
    tags: Record<string, string>;
    /** Buckets and keys are protected, and kept on delete; else a bucket goes with all that is in it. */
    protect: boolean;
}

/** Where backups go on AWS: a bucket that is hard to read for others and hard to lose, and the two identities that may use it. */
export class BackupBucket extends pulumi.ComponentResource {
    readonly location: BackupLocation<pulumi.Output<string>>;
    /** What must be there before the first backup. */
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(
        private readonly name: string,
        private readonly args: BackupBucketArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("groundwork:backup:BackupBucket", name, {}, opts);
        validate(args);
        const own = { parent: this, provider: this.provider() };
        const key = this.key(name, args.region, own);
        const main = this.bucket(name, args.region, key, own);
        const replica = args.replicaRegion && this.replicate(main, key, args.replicaRegion, own);
        const logged = this.accessLog(main, own);
        const writer = this.identity("writer", writerPolicy(main.bucket.arn, key.arn), own);
        const pruner = this.identity("pruner", prunerPolicy(main.bucket.arn, key.arn), own);
        this.ready = [...main.ready, ...(replica || []), logged, ...writer.ready, ...pruner.ready];
        this.location = {
            endpoint: args.server?.endpoint ?? `https://s3.${args.region}.amazonaws.com`,
            region: args.region,
            bucket: main.bucket.bucket,
            pathStyle: args.server !== undefined,
            writer: writer.credentials,
            pruner: pruner.credentials,
        };
        this.registerOutputs({ location: this.location, ready: resourceOutputs(this.ready) });
    }

    private provider(): Provider {
        const { region, server } = this.args;
        return new Provider(
            `${this.name}-aws`,
            {
                region,
                ...(server && {
                    endpoints: [{ s3: server.endpoint, kms: server.endpoint, iam: server.endpoint }],
                    accessKey: server.credentials.accessKeyId,
                    secretKey: server.credentials.secretAccessKey,
                    s3UsePathStyle: true,
                    // Such a server is no account of AWS's, and on no machine of AWS's.
                    skipCredentialsValidation: true,
                    skipMetadataApiCheck: true,
                    skipRequestingAccountId: true,
                }),
            },
            { parent: this },
        );
    }

    /** Its policy is AWS's default: the account's administrators, and whom their policies let use it. */
    private key(name: string, region: string, opts: pulumi.CustomResourceOptions): Key {
        const { protect, tags } = this.args;
        return new Key(
            `${name}-key`,
            {
                description: `Encrypts the backups in ${name}`,
                deletionWindowInDays: KEY_DELETION_DAYS,
                enableKeyRotation: true,
                rotationPeriodInDays: KEY_ROTATION_DAYS,
                region,
                tags,
            },
            { ...opts, protect, retainOnDelete: protect },
        );
    }

    private bucket(
        name: string,
        region: string,
        key: Key,
        opts: pulumi.CustomResourceOptions,
        bucket = this.args.bucket,
    ): SecuredBucket {
        const { lock, noncurrentDays, tags, protect } = this.args;
        return securedBucket(
            name,
            {
                bucket,
                region,
                lock,
                tags,
                protect,
                keyArn: key.arn,
                policy: (arn) => bucketPolicy(arn, key.arn),
                lifecycle: backupLifecycle(noncurrentDays),
            },
            opts,
        );
    }

    /** Removals are copied too, or the replica would only grow; they hide there as here, and can be undone for as long. */
    private replicate(
        from: SecuredBucket,
        fromKey: Key,
        region: string,
        opts: pulumi.CustomResourceOptions,
    ): pulumi.Resource[] {
        const name = `${this.name}-replica`;
        const key = this.key(name, region, opts);
        const to = this.bucket(name, region, key, opts, this.args.bucket && `${this.args.bucket}-replica`);
        const { tags } = this.args;
        const role = new Role(
            `${this.name}-replication`,
            { assumeRolePolicy: REPLICATION_TRUST, description: `Copies the backups of ${this.name}`, tags },
            opts,
        );
        const policy = new RolePolicy(
            `${this.name}-replication`,
            {
                role: role.name,
                policy: replicationPolicy(
                    { bucketArn: from.bucket.arn, keyArn: fromKey.arn },
                    { bucketArn: to.bucket.arn, keyArn: key.arn },
                ),
            },
            opts,
        );
        const minutes = { minutes: REPLICATION_MINUTES };
        const config = new BucketReplicationConfig(
            `${this.name}-replication`,
            {
                bucket: from.bucket.bucket,
                region: this.args.region,
                role: role.arn,
                rules: [
                    {
                        id: "everything",
                        priority: 0,
                        status: "Enabled",
                        filter: {},
                        deleteMarkerReplication: { status: "Enabled" },
                        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
                        destination: {
                            bucket: to.bucket.arn,
                            encryptionConfiguration: { replicaKmsKeyId: key.arn },
                            replicationTime: { status: "Enabled", time: minutes },
                            metrics: { status: "Enabled", eventThreshold: minutes },
                        },
                    },
                ],
            },
            // Both ends must have versions by then.
            { ...opts, dependsOn: [policy, ...from.ready, ...to.ready] },
        );
        return [config];
    }

    /** In a bucket of its own: one that logs into itself logs its own log. */
    private accessLog(logged: SecuredBucket, opts: pulumi.CustomResourceOptions): pulumi.Resource {
        const { bucket, region, noncurrentDays, tags, protect } = this.args;
        const log = securedBucket(
            `${this.name}-log`,
            {
                region,
                tags,
                protect,
                bucket: bucket && `${bucket}-log`,
                policy: (arn) => logBucketPolicy(arn, [logged.bucket.arn]),
                lifecycle: logLifecycle(noncurrentDays),
            },
            opts,
        );
        return new BucketLogging(
            `${this.name}-logging`,
            {
                bucket: logged.bucket.bucket,
                region,
                targetBucket: log.bucket.bucket,
                targetPrefix: "access/",
                targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
            },
            { ...opts, dependsOn: log.ready },
        );
    }

    private identity(word: "writer" | "pruner", policy: pulumi.Output<string>, opts: pulumi.CustomResourceOptions) {
        const name = `${this.name}-${word}`;
        const user = new User(name, { tags: this.args.tags }, opts);
        const allowed = new UserPolicy(name, { user: user.name, policy }, opts);
        const key = new AccessKey(name, { user: user.name }, opts);
        const credentials: BucketCredentials<pulumi.Output<string>> = {
            accessKeyId: pulumi.secret(key.id),
            secretAccessKey: key.secret,
        };
        return { credentials, ready: [allowed, key] };
    }
}

function validate({ bucket, region, replicaRegion, lock, noncurrentDays, server }: BackupBucketArgs): void {
    new Problems()
        .expect(region !== "", "region", "must be a region of AWS")
        .expect(replicaRegion !== region, "replicaRegion", `must be another region than ${region}`)
        .expect(
            bucket === undefined || BUCKET_NAME.test(bucket),
            "bucket",
            "must be a bucket's name: 3 to 55 of a-z, 0-9, dots and hyphens",
        )
        .expect(
            lock === undefined || (Number.isInteger(lock.days) && lock.days >= 1 && lock.days <= LONGEST_DAYS),
            "lock.days",
            `must be a whole number from 1 to ${LONGEST_DAYS}`,
        )
        .expect(
            noncurrentDays >= Math.max(1, lock?.days ?? 1),
            "noncurrentDays",
            `must be at least the lock's ${lock?.days ?? 1}: before that, nothing that is locked can be removed`,
        )
        .expect(server === undefined || URL.canParse(server.endpoint), "server.endpoint", "must be a URL")
        .throwIfAny("BackupBucket");
}
