/** Our own backup bucket keeps every rule on AWS in prod, with and without a replica. Cannot prove: see unit/components/harness.ts. */
import { expect, test } from "vitest";

import { BackupBucket, type BackupBucketArgs } from "../../../components/backup/bucket";
import { awsRules } from "../../../policies/aws";
import { evaluate } from "../../../policies/core/evaluate";
import { fromPulumi } from "../../../policies/sources/pulumi";
import { BUCKET } from "../../unit/components/backup/fixtures";
import { record, type Recording } from "../../unit/components/harness";

const urnOf = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;

/** With what Pulumi knows of where names come from: on mocks a bucket's name is its resource's. */
function resourcesOf({ all }: Recording) {
    const buckets = all.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    return all.map(({ type, name, inputs, protect }) => {
        const propertyDependencies = Object.fromEntries(
            Object.entries(inputs).map(([key, value]) => {
                const text = JSON.stringify(value);
                const named = buckets.filter(
                    (bucket) => text.includes(`"${bucket.name}"`) || text.includes(`:::${bucket.name}"`),
                );
                return [key, named.map((bucket) => urnOf(bucket.type, bucket.name))];
            }),
        );
        return fromPulumi({
            type,
            name,
            urn: urnOf(type, name),
            props: inputs,
            opts: { protect },
            propertyDependencies,
        });
    });
}

async function judged(changes: Partial<BackupBucketArgs>) {
    const [, recording] = await record(() => new BackupBucket("b", { ...BUCKET, ...changes }));
    const resources = resourcesOf(recording);
    const { violations, notEvaluated } = evaluate(awsRules, { resources }, { environment: "prod" });
    expect(notEvaluated).toEqual([]);
    return violations.map(({ rule, resource, path, message }) => [rule.id, resource, path, message]);
}

test("the backup bucket keeps every rule with a lock and a replica", async () => {
    expect(await judged({ lock: { mode: "compliance", days: 14 }, replicaRegion: "eu-west-1" })).toEqual([]);
});

test("without them it lacks what is advised, and nothing else", async () => {
    expect(await judged({})).toEqual([
        ["GW-AWS-008", "Bucket/b", "objectLockEnabled", "must be true"],
        ["GW-AWS-010", "Bucket/b", "", "must have BucketReplicationConfig"],
    ]);
});
