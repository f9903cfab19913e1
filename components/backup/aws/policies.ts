/** Policy documents of the backup bucket: who may do what, as AWS reads it. */
import * as pulumi from "@pulumi/pulumi";

import { sortedJson } from "../../sorted-json";

interface Statement {
    Sid: string;
    Effect: "Allow" | "Deny";
    Principal?: Record<string, string>;
    Action: string | string[];
    /** Absent: the policy is on it. */
    Resource?: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
}

/** Also whoever comes without credentials. */
const EVERYBODY = { AWS: "*" };

/** Least version of TLS that is spoken with. */
const TLS_VERSION = "1.2";

/** Where restic keeps the locks of its repository: the one thing that whoever writes must also take away. */
const REPOSITORY_LOCKS = "*/locks/*";

/** Nothing comes in or goes out unencrypted, or encrypted on disk with another key than the bucket's. */
export function bucketPolicy(bucketArn: pulumi.Output<string>, keyArn: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi.all([bucketArn, keyArn]).apply(([bucket, key]) =>
        document([
            ...tlsOnly(bucket),
            {
                Sid: "OwnKeyOnly",
                Effect: "Deny",
                Principal: EVERYBODY,
                Action: "s3:PutObject",
                Resource: `${bucket}/*`,
                // A request that names no key gets the bucket's own.
                Condition: {
                    Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
                    StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": key },
                },
            },
        ]),
    );
}

/** S3 itself writes the log of the buckets named, and nobody else writes anything. */
export function logBucketPolicy(
    bucketArn: pulumi.Output<string>,
    logged: pulumi.Output<string>[],
): pulumi.Output<string> {
    return pulumi.all([bucketArn, pulumi.all(logged)]).apply(([bucket, sources]) =>
        document([
            ...tlsOnly(bucket),
            {
                Sid: "LogDelivery",
                Effect: "Allow",
                Principal: { Service: "logging.s3.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: `${bucket}/*`,
                Condition: { ArnLike: { "aws:SourceArn": sources } },
            },
        ]),
    );
}

function tlsOnly(bucketArn: string): Statement[] {
    const everything = { Principal: EVERYBODY, Action: "s3:*", Resource: [bucketArn, `${bucketArn}/*`] };
    return [
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            ...everything,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
            Sid: "RecentTlsOnly",
            Effect: "Deny",
            ...everything,
            Condition: { NumericLessThan: { "s3:TlsVersion": TLS_VERSION } },
        },
    ];
}

/** Adds to what is there. What it overwrites stays as an older version, and what it may remove is its own lock. */
export function writerPolicy(bucketArn: pulumi.Output<string>, keyArn: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi.all([bucketArn, keyArn]).apply(([bucket, key]) =>
        document([
            ...readAndWrite(bucket, key),
            {
                Sid: "Unlock",
                Effect: "Allow",
                Action: "s3:DeleteObject",
                Resource: `${bucket}/${REPOSITORY_LOCKS}`,
            },
        ]),
    );
}

/**
 * Removes what retention no longer keeps. It hides rather than destroys: an object that is removed without naming a version stays as an
 * older version, and only the bucket's lifecycle removes those.
 */
export function prunerPolicy(bucketArn: pulumi.Output<string>, keyArn: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi
        .all([bucketArn, keyArn])
        .apply(([bucket, key]) =>
            document([
                ...readAndWrite(bucket, key),
                { Sid: "Prune", Effect: "Allow", Action: "s3:DeleteObject", Resource: `${bucket}/*` },
            ]),
        );
}

function readAndWrite(bucketArn: string, keyArn: string): Statement[] {
    return [
        {
            Sid: "Look",
            Effect: "Allow",
            Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            Resource: bucketArn,
        },
        {
            Sid: "ReadAndWrite",
            Effect: "Allow",
            Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            Resource: `${bucketArn}/*`,
        },
        { Sid: "UseKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    ];
}

/** S3 takes the role for itself when it replicates. */
export const REPLICATION_TRUST = document([
    {
        Sid: "Replicate",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:AssumeRole",
    },
]);

interface ReplicationEnd {
    bucketArn: pulumi.Output<string>;
    keyArn: pulumi.Output<string>;
}

/** Reads versions, with their locks, where they are, and writes them where they go. */
export function replicationPolicy(from: ReplicationEnd, to: ReplicationEnd): pulumi.Output<string> {
    return pulumi
        .all([from.bucketArn, from.keyArn, to.bucketArn, to.keyArn])
        .apply(([source, sourceKey, target, targetKey]) =>
            document([
                {
                    Sid: "ReadBucket",
                    Effect: "Allow",
                    Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
                    Resource: source,
                },
                {
                    Sid: "ReadVersions",
                    Effect: "Allow",
                    Action: [
                        "s3:GetObjectLegalHold",
                        "s3:GetObjectRetention",
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionTagging",
                    ],
                    Resource: `${source}/*`,
                },
                {
                    Sid: "Replicate",
                    Effect: "Allow",
                    Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
                    Resource: `${target}/*`,
                },
                { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: sourceKey },
                { Sid: "Encrypt", Effect: "Allow", Action: "kms:Encrypt", Resource: targetKey },
            ]),
        );
}

function document(Statement: Statement[]): string {
    return sortedJson({ Statement, Version: "2012-10-17" }, 0);
}
