import { listOf, textOf } from "../resource";
import { bucketSetting } from "./setting";

export const logging = bucketSetting({
    fields: {
        targetBucket: { kind: "string", required: true },
        targetPrefix: { kind: "string", required: true },
        targetGrants: { kind: "any", refused: "access control lists are off where the bucket's owner owns everything" },
        targetObjectKeyFormat: {
            kind: "object",
            fields: {
                partitionedPrefix: {
                    kind: "object",
                    fields: { partitionDateSource: { kind: "string", required: true } },
                },
                simplePrefix: { kind: "any", refused: "leave targetObjectKeyFormat out" },
            },
        },
    },
    put: (s3, Bucket, inputs) => {
        const [format] = listOf([inputs.targetObjectKeyFormat ?? null]);
        const [partitioned] = listOf([format?.partitionedPrefix ?? null]);
        const PartitionDateSource = textOf(partitioned?.partitionDateSource) as
            "EventTime" | "DeliveryTime" | undefined;
        return s3.putBucketLogging({
            Bucket,
            BucketLoggingStatus: {
                LoggingEnabled: {
                    TargetBucket: inputs.targetBucket as string,
                    TargetPrefix: (inputs.targetPrefix ?? "") as string,
                    ...(PartitionDateSource && {
                        TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource } },
                    }),
                },
            },
        });
    },
    async get(s3, Bucket) {
        const { LoggingEnabled: found } = await s3.getBucketLogging({ Bucket });
        const source = found?.TargetObjectKeyFormat?.PartitionedPrefix?.PartitionDateSource;
        return (
            found && {
                targetBucket: found.TargetBucket ?? "",
                targetPrefix: found.TargetPrefix ?? "",
                ...(source && { targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: source } } }),
            }
        );
    },
    remove: (s3, Bucket) => s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
});
