/** What serves each type. Loads AWS's clients: import it only when there is something for them. */
import { accessKey } from "./iam/access-key";
import { rolePolicy, userPolicy } from "./iam/inline-policy";
import { role, user } from "./iam/principal";
import { key } from "./kms/key";
import type { AwsResource } from "./resource";
import { bucket } from "./s3/bucket";
import { lifecycle } from "./s3/lifecycle";
import { logging } from "./s3/logging";
import { objectLock } from "./s3/object-lock";
import { bucketPolicy } from "./s3/policy";
import { encryption, ownership, publicAccess, versioning } from "./s3/protection";
import { replication } from "./s3/replication";
import type { AwsType } from "./types";

export { connect } from "./client";
export { reaching } from "./errors";

const served: Record<AwsType, AwsResource> = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccess,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownership,
    "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
    "aws:s3/bucketLogging:BucketLogging": logging,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:kms/key:Key": key,
    "aws:iam/user:User": user,
    "aws:iam/userPolicy:UserPolicy": userPolicy,
    "aws:iam/accessKey:AccessKey": accessKey,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
};

export const RESOURCES: Readonly<Record<string, AwsResource | undefined>> = served;
