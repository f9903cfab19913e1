import type { Rule } from "../core/rule";
import admin from "./access/admin";
import escalation from "./access/escalation";
import exfiltration from "./access/exfiltration";
import lockout from "./access/lockout";
import managedAdmin from "./access/managed-admin";
import publicStatement from "./access/public-statement";
import trust from "./access/trust";
import wildcardActions from "./access/wildcard-actions";
import wildcardResources from "./access/wildcard-resources";
import deletion from "./kms/deletion";
import rotation from "./kms/rotation";
import acl from "./s3/acl";
import encryption from "./s3/encryption";
import expiration from "./s3/expiration";
import forceDestroy from "./s3/force-destroy";
import logging from "./s3/logging";
import multipart from "./s3/multipart";
import objectLock from "./s3/object-lock";
import publicAccessBlock from "./s3/public-access-block";
import replication from "./s3/replication";
import tls from "./s3/tls";
import versioning from "./s3/versioning";

export const awsRules: readonly Rule[] = [
    ...[encryption, publicAccessBlock, acl, tls, versioning, multipart, expiration, objectLock, logging, replication],
    ...[forceDestroy, rotation, deletion],
    ...[admin, managedAdmin, wildcardActions, wildcardResources, escalation, exfiltration],
    ...[publicStatement, trust, lockout],
];
