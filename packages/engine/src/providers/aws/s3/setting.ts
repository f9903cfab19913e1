import type { S3 } from "@aws-sdk/client-s3";

import type { PropertyMap, ProviderContext } from "../../../provider";
import type { Fields } from "../../schema/types";
import type { Clients } from "../client";
import { orAbsent } from "../errors";
import { type AwsResource, REGION, textOf, withoutDefaults } from "../resource";

/** One setting of a bucket, which is a resource of its own in the aws package and a pair of calls in S3. */
export interface BucketSetting {
    /** Beside `bucket` and `region`. */
    fields: Fields;
    put(s3: S3, bucket: string, inputs: PropertyMap): Promise<unknown>;
    /** As outputs. Undefined, or an error that says "not found": it is not set. */
    get(s3: S3, bucket: string): Promise<PropertyMap | undefined>;
    remove(s3: S3, bucket: string, outputs: PropertyMap): Promise<unknown>;
}

/** Making it is the same as changing it, and doing that twice does no harm. The bucket's name is its id. */
export function bucketSetting(setting: BucketSetting): AwsResource {
    const put = async (clients: Clients, inputs: PropertyMap): Promise<PropertyMap> => {
        const name = inputs.bucket as string;
        const region = textOf(inputs.region) ?? clients.region;
        const s3 = clients.s3(region);
        await setting.put(s3, name, inputs);
        // What it was told is what it has: some servers take more than they tell. A refresh asks them.
        return { ...(await setting.get(s3, name)), ...withoutDefaults(inputs), ...place(name, region) };
    };
    const create = async (clients: Clients, _ctx: ProviderContext, inputs: PropertyMap) => ({
        id: inputs.bucket as string,
        outputs: await put(clients, inputs),
    });
    return {
        service: "s3",
        fields: {
            ...setting.fields,
            bucket: { kind: "string", required: true, replaces: true },
            region: REGION,
            expectedBucketOwner: { kind: "any", refused: "the server that it speaks to has one owner" },
        },
        create,
        recover: create,
        update: (clients, _ctx, _id, _olds, news) => put(clients, news),
        async read(clients, _ctx, id, olds) {
            const region = textOf(olds?.outputs.region) ?? clients.region;
            const found = await orAbsent(setting.get(clients.s3(region), id));
            if (!found) return undefined;
            const outputs = { ...found, ...place(id, region) };
            return { inputs: olds?.inputs ?? { ...found, bucket: id }, outputs };
        },
        async delete(clients, _ctx, id, olds) {
            const s3 = clients.s3(textOf(olds.outputs.region));
            await orAbsent(setting.remove(s3, id, olds.outputs));
        },
    };
}

function place(bucket: string, region: string): PropertyMap {
    return { id: bucket, bucket, region };
}
