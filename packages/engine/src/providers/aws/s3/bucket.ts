import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3";

import { NothingMadeError, type PropertyMap } from "../../../provider";
import { matches } from "../../schema/rules";
import type { Property } from "../../schema/types";
import type { Clients } from "../client";
import { hasName, isNotFound, orAbsent } from "../errors";
import { type AwsResource, REGION, sameTags, tagList, tagMap, tagOutputs, TAGS, textOf } from "../resource";
import { empty } from "./empty";

/** Where a bucket goes that names no region; S3 takes it for the one that must not be named. */
const UNNAMED_REGION = "us-east-1";

const LONGEST_NAME = 63;

const own = (by: string): Property => ({ kind: "any", refused: `use ${by}` });

export const bucket: AwsResource = {
    service: "s3",
    autoname: { property: "bucket", longest: LONGEST_NAME, lowerCase: true },
    fields: {
        bucket: {
            kind: "string",
            replaces: true,
            computed: true,
            rule: matches(
                /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
                "must be a bucket's name: 3 to 63 of a-z, 0-9, dots and hyphens",
            ),
        },
        bucketPrefix: { kind: "any", refused: "use bucket, or leave it out for a name of the engine's making" },
        bucketNamespace: { kind: "any", refused: "no server of one's own has more than one" },
        forceDestroy: { kind: "boolean" },
        objectLockEnabled: { kind: "boolean", replaces: true },
        region: REGION,
        tags: TAGS,
        acl: own("BucketOwnershipControls"),
        accelerationStatus: { kind: "any", refused: "no server of one's own has it" },
        corsRules: { kind: "any", refused: "no browser reads a backup" },
        grants: own("BucketOwnershipControls"),
        lifecycleRules: own("BucketLifecycleConfiguration"),
        logging: own("BucketLogging"),
        objectLockConfiguration: own("BucketObjectLockConfiguration"),
        policy: own("BucketPolicy"),
        replicationConfiguration: own("BucketReplicationConfig"),
        requestPayer: { kind: "any", refused: "no server of one's own has it" },
        serverSideEncryptionConfiguration: own("BucketServerSideEncryptionConfiguration"),
        versioning: own("BucketVersioning"),
        website: { kind: "any", refused: "a backup is no web site" },
    },

    async create(clients, _ctx, inputs) {
        const { s3, region, name } = where(clients, inputs);
        // In one region S3 takes making a bucket that one has already for granted.
        if (await exists(s3, name)) throw taken(name);
        try {
            await s3.createBucket({
                Bucket: name,
                ...(region !== UNNAMED_REGION && {
                    CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
                }),
                ...(inputs.objectLockEnabled === true && { ObjectLockEnabledForBucket: true }),
            });
        } catch (error) {
            if (hasName(error, "BucketAlreadyExists", "BucketAlreadyOwnedByYou")) throw taken(name, error);
            throw error;
        }
        await putTags(s3, name, inputs);
        return { id: name, outputs: await outputsOf(clients, inputs) };
    },

    async update(clients, _ctx, _id, _olds, news) {
        const { s3, name } = where(clients, news);
        await putTags(s3, name, news);
        return outputsOf(clients, news);
    },

    async read(clients, _ctx, id, olds) {
        const inputs = { ...olds?.inputs, bucket: id, region: olds?.outputs.region ?? clients.region };
        const { s3 } = where(clients, inputs);
        if (!(await exists(s3, id))) return undefined;
        const outputs = await outputsOf(clients, inputs);
        return { inputs: olds?.inputs ?? { bucket: id, tags: outputs.tags! }, outputs };
    },

    async delete(clients, ctx, id, olds) {
        const s3 = clients.s3(textOf(olds.outputs.region));
        try {
            if (olds.outputs.forceDestroy === true) await empty(s3, id, ctx);
            await s3.deleteBucket({ Bucket: id });
        } catch (error) {
            if (isNotFound(error)) return;
            if (!hasName(error, "BucketNotEmpty")) throw error;
            throw new Error(
                `The bucket ${id} has objects, or old versions of them, in it. It was left as it is. Empty it first, or set forceDestroy and ` +
                    `run an update, if they are not needed.`,
                { cause: error },
            );
        }
    },

    /** The name was recorded before the bucket was made: what has it, and no other tags than these, is this run's. */
    async recover(clients, _ctx, inputs) {
        const { s3, name } = where(clients, inputs);
        if (!(await exists(s3, name))) return undefined;
        const tags = await tagsOf(s3, name);
        if (Object.keys(tags).length > 0 && !sameTags(tags, inputs.tags)) return undefined;
        await putTags(s3, name, inputs);
        return { id: name, outputs: await outputsOf(clients, inputs) };
    },
};

function where(clients: Clients, inputs: PropertyMap): { s3: S3; region: string; name: string } {
    const region = textOf(inputs.region) ?? clients.region;
    return { s3: clients.s3(region), region, name: inputs.bucket as string };
}

function taken(name: string, cause?: unknown): NothingMadeError {
    return new NothingMadeError(
        `There is a bucket ${name} already, and names of buckets are the whole world's. It was left as it is. Choose another name.`,
        { cause },
    );
}

async function exists(s3: S3, name: string): Promise<boolean> {
    try {
        await s3.headBucket({ Bucket: name });
        return true;
    } catch (error) {
        if (isNotFound(error)) return false;
        // Somebody else's.
        if (hasName(error, "Forbidden", "403", "PermanentRedirect")) return true;
        throw error;
    }
}

async function putTags(s3: S3, name: string, inputs: PropertyMap): Promise<void> {
    const TagSet = tagList(inputs.tags);
    await (TagSet.length > 0
        ? s3.putBucketTagging({ Bucket: name, Tagging: { TagSet } })
        : s3.deleteBucketTagging({ Bucket: name }));
}

async function tagsOf(s3: S3, name: string): Promise<Record<string, string>> {
    return tagMap((await orAbsent(s3.getBucketTagging({ Bucket: name })))?.TagSet);
}

async function outputsOf(clients: Clients, inputs: PropertyMap): Promise<PropertyMap> {
    const { s3, region, name } = where(clients, inputs);
    const lock = await orAbsent(s3.getObjectLockConfiguration({ Bucket: name }));
    return {
        id: name,
        bucket: name,
        region,
        bucketRegion: region,
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        forceDestroy: inputs.forceDestroy === true,
        objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
        ...tagOutputs(await tagsOf(s3, name)),
    };
}
