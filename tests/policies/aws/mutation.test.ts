/** From buckets, keys and policies that keep every rule, one thing is broken: exactly the rule that is about it says so. */
import { describe, expect, test } from "vitest";

import { awsRules } from "../../../policies/aws";
import { evaluate } from "../../../policies/core/evaluate";
import type { Resource } from "../../../policies/core/resource";
import { RULES } from "../../../policies/rules";
import { allows, aws, bucket, BY_OWN_KEY, document, others, plain, TLS_ONLY } from "../support/aws";

function broken(resources: Resource[]): string[] {
    const { violations, notEvaluated } = evaluate(RULES, { resources }, { environment: "prod" });
    expect(notEvaluated).toEqual([]);
    return [...new Set(violations.map(({ rule }) => rule.id))];
}

const around = (changes: Parameters<typeof bucket>[0], own?: Parameters<typeof bucket>[1]) => [
    ...bucket(changes, own),
    ...others(),
];
const rules = (...list: object[]) => around({ LifecycleConfiguration: { rules: list } });
const ABORT = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } };
const EXPIRE = { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } };
const ROOT = { AWS: "arn:aws:iam::123456789012:root" };
const KEY = { enableKeyRotation: true, deletionWindowInDays: 30 };

const BROKEN: Record<string, Resource[]> = {
    "GW-AWS-001": around({ ServerSideEncryptionConfiguration: undefined }),
    "GW-AWS-002": around({ PublicAccessBlock: undefined }),
    "GW-AWS-003": around({ OwnershipControls: { rule: { objectOwnership: "ObjectWriter" } } }),
    "GW-AWS-004": around({ Policy: undefined }),
    "GW-AWS-005": around({ Versioning: undefined }),
    "GW-AWS-006": rules(EXPIRE),
    "GW-AWS-007": rules(ABORT),
    "GW-AWS-008": around({ ObjectLockConfiguration: undefined }),
    "GW-AWS-009": [...around({}), ...bucket({ Logging: undefined }).map((it) => renamed(it))],
    "GW-AWS-010": [...around({}), ...bucket({ ReplicationConfig: undefined }).map((it) => renamed(it))],
    "GW-AWS-011": around({}, { forceDestroy: true }),
    "GW-AWS-020": [aws("kms/key:Key", { ...KEY, enableKeyRotation: false })],
    "GW-AWS-021": [aws("kms/key:Key", { ...KEY, deletionWindowInDays: 7 })],
    "GW-AWS-031": [
        aws("iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/IAMFullAccess" }),
    ],
    "GW-AWS-032": [allows("s3:*", "arn:aws:s3:::shop/*")],
    "GW-AWS-033": [allows("ec2:StartInstances")],
    "GW-AWS-034": [allows("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/*")],
    "GW-AWS-035": [allows("s3:GetObject", "arn:aws:s3:::*/*")],
    "GW-AWS-036": [
        document("bucket", TLS_ONLY, { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "x" }),
    ],
    "GW-AWS-037": [document("trust", { Effect: "Allow", Principal: ROOT, Action: "sts:AssumeRole" })],
    "GW-AWS-038": [document("bucket", TLS_ONLY, { ...TLS_ONLY, Condition: {} })],
};

/** The same resource of another bucket, which nothing else is about. */
function renamed(resource: Resource): Resource {
    return { ...resource, name: `${resource.name}-2`, props: { ...resource.props, bucket: "second" } };
}

describe("buckets, keys and policies that keep every rule", () => {
    test("break none", () => {
        expect(broken([...around({}), aws("kms/key:Key", KEY), allows("s3:GetObject", "arn:aws:s3:::shop/*")])).toEqual(
            [],
        );
    });

    test("with settings beside the bucket or as its own inputs are the same", () => {
        const own = plain({
            versioning: { enabled: true },
            logging: { targetBucket: "x" },
            lifecycleRules: [
                { enabled: true, abortIncompleteMultipartUploadDays: 2, noncurrentVersionExpiration: { days: 3 } },
            ],
            serverSideEncryptionConfiguration: {
                rule: { applyServerSideEncryptionByDefault: BY_OWN_KEY },
            },
            policy: JSON.stringify({ Statement: [TLS_ONLY] }),
            objectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 1 } } },
            replicationConfiguration: { rules: [{}] },
        });
        // Which has no form but that of a resource beside it.
        expect(broken([own])).toEqual(["GW-AWS-002"]);
    });

    for (const [id, resources] of Object.entries(BROKEN)) {
        test(`that break ${id} break no other`, () => expect(broken(resources)).toEqual([id]));
    }

    test("a policy that allows everything breaks each rule on what nobody may", () => {
        expect(broken([allows("*")])).toEqual(["GW-AWS-030", "GW-AWS-032", "GW-AWS-033", "GW-AWS-034", "GW-AWS-035"]);
    });

    test("are broken here for every rule on AWS", () => {
        const covered = new Set([...Object.keys(BROKEN), "GW-AWS-030"]);
        expect(awsRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
    });
});
