/** Settings of a bucket that keep what is in it from being lost or seen: versions, encryption, no public access, one owner. */
import type { BucketVersioningStatus, ObjectOwnership, ServerSideEncryption } from "@aws-sdk/client-s3";

import { hasName } from "../errors";
import { oneOf } from "../../schema/rules";
import type { Property } from "../../schema/types";
import { defined, listOf, mapOf, textOf } from "../resource";
import { bucketSetting } from "./setting";

export const versioning = bucketSetting({
    fields: {
        versioningConfiguration: {
            kind: "object",
            required: true,
            fields: {
                status: { kind: "string", required: true, rule: oneOf("Enabled", "Suspended") },
                mfaDelete: { kind: "any", refused: "it needs a device of the account's root user" },
            },
        },
        mfa: { kind: "any", refused: "it needs a device of the account's root user" },
    },
    put: (s3, Bucket, inputs) => {
        const Status = mapOf(inputs.versioningConfiguration).status as BucketVersioningStatus;
        return s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });
    },
    async get(s3, Bucket) {
        const { Status } = await s3.getBucketVersioning({ Bucket });
        return Status && { versioningConfiguration: { status: Status } };
    },
    /** A bucket cannot go back to not having any; with an object lock it cannot even stop. */
    async remove(s3, Bucket) {
        try {
            await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
        } catch (error) {
            if (!hasName(error, "InvalidBucketState")) throw error;
        }
    },
});

export const encryption = bucketSetting({
    fields: {
        rules: {
            kind: "set",
            required: true,
            of: {
                kind: "object",
                fields: {
                    applyServerSideEncryptionByDefault: {
                        kind: "object",
                        fields: {
                            sseAlgorithm: { kind: "string", required: true, rule: oneOf("AES256", "aws:kms") },
                            kmsMasterKeyId: { kind: "string" },
                        },
                    },
                    bucketKeyEnabled: { kind: "boolean" },
                    blockedEncryptionTypes: { kind: "any", refused: "no server of one's own knows it" },
                },
            },
        },
    },
    put: (s3, Bucket, inputs) => {
        const Rules = listOf(inputs.rules).map((rule) => {
            const by = mapOf(rule.applyServerSideEncryptionByDefault);
            const KMSMasterKeyID = textOf(by.kmsMasterKeyId);
            return {
                ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: by.sseAlgorithm as ServerSideEncryption,
                    ...(KMSMasterKeyID && { KMSMasterKeyID }),
                },
                BucketKeyEnabled: rule.bucketKeyEnabled === true,
            };
        });
        return s3.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } });
    },
    async get(s3, Bucket) {
        const { ServerSideEncryptionConfiguration: found } = await s3.getBucketEncryption({ Bucket });
        const rules = (found?.Rules ?? []).map(({ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled }) => ({
            applyServerSideEncryptionByDefault: defined({
                sseAlgorithm: by?.SSEAlgorithm,
                kmsMasterKeyId: by?.KMSMasterKeyID,
            }),
            bucketKeyEnabled: BucketKeyEnabled === true,
        }));
        return { rules };
    },
    remove: (s3, Bucket) => s3.deleteBucketEncryption({ Bucket }),
});

const blocked: Property = { kind: "boolean" };

export const publicAccess = bucketSetting({
    fields: {
        blockPublicAcls: blocked,
        blockPublicPolicy: blocked,
        ignorePublicAcls: blocked,
        restrictPublicBuckets: blocked,
        skipDestroy: blocked,
    },
    put: (s3, Bucket, inputs) =>
        s3.putPublicAccessBlock({
            Bucket,
            PublicAccessBlockConfiguration: {
                BlockPublicAcls: inputs.blockPublicAcls === true,
                BlockPublicPolicy: inputs.blockPublicPolicy === true,
                IgnorePublicAcls: inputs.ignorePublicAcls === true,
                RestrictPublicBuckets: inputs.restrictPublicBuckets === true,
            },
        }),
    async get(s3, Bucket) {
        const { PublicAccessBlockConfiguration: found } = await s3.getPublicAccessBlock({ Bucket });
        return {
            blockPublicAcls: found?.BlockPublicAcls === true,
            blockPublicPolicy: found?.BlockPublicPolicy === true,
            ignorePublicAcls: found?.IgnorePublicAcls === true,
            restrictPublicBuckets: found?.RestrictPublicBuckets === true,
        };
    },
    remove: async (s3, Bucket, outputs) => outputs.skipDestroy !== true && s3.deletePublicAccessBlock({ Bucket }),
});

export const ownership = bucketSetting({
    fields: {
        rule: {
            kind: "object",
            required: true,
            fields: {
                objectOwnership: {
                    kind: "string",
                    required: true,
                    rule: oneOf("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
                },
            },
        },
    },
    put: (s3, Bucket, inputs) => {
        const given = mapOf(inputs.rule).objectOwnership as ObjectOwnership;
        return s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: given }] } });
    },
    async get(s3, Bucket) {
        const { OwnershipControls: found } = await s3.getBucketOwnershipControls({ Bucket });
        const objectOwnership = found?.Rules?.[0]?.ObjectOwnership;
        return objectOwnership && { rule: { objectOwnership } };
    },
    remove: (s3, Bucket) => s3.deleteBucketOwnershipControls({ Bucket }),
});
