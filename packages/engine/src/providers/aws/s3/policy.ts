import { POLICY } from "../resource";
import { bucketSetting } from "./setting";

export const bucketPolicy = bucketSetting({
    fields: { policy: POLICY },
    put: (s3, Bucket, inputs) => s3.putBucketPolicy({ Bucket, Policy: inputs.policy as string }),
    async get(s3, Bucket) {
        const { Policy } = await s3.getBucketPolicy({ Bucket });
        return Policy === undefined ? undefined : { policy: Policy };
    },
    remove: (s3, Bucket) => s3.deleteBucketPolicy({ Bucket }),
});
