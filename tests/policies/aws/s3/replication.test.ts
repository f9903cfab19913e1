import rule from "../../../../policies/aws/s3/replication";
import { bucket, others, part, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "to another": [...bucket(), ...others()],
        "its own input": plain({ replicationConfiguration: { rules: [{}] } }),
    },
    bad: {
        nothing: [plain(), ""],
        "with rules that are not in force": [
            bucket({ ReplicationConfig: { rules: [{ status: "Disabled" }, { status: "Disabled" }] } }),
            "BucketReplicationConfig/shop",
        ],
        "by its own input without a rule": [
            plain({ replicationConfiguration: { rules: [] } }),
            "replicationConfiguration",
        ],
        "without a rule": [bucket({ ReplicationConfig: { rules: [] } }), "BucketReplicationConfig/shop"],
    },
    edge: {
        "one of two in force, as older providers have it": [
            plainV2({ replicationConfigurations: [{ rules: [{ status: "Disabled" }, { status: "Enabled" }] }] }),
        ],
        "a copy that its source's own input names": [
            [
                plainV2({
                    replicationConfigurations: [
                        { rules: [{ status: "Enabled", destinations: [{ bucket: "arn:aws:s3:::copy" }] }] },
                    ],
                }),
                plain({}, "copy"),
            ],
        ],
        "of a bucket that is not in the stack": [part("ReplicationConfig", { rules: [] }, "other"), ""],
        "the copy is not copied, by where its name comes from": [
            [
                plain(),
                plain({ bucket: UNKNOWN }, "copy"),
                {
                    ...part("ReplicationConfig", { rules: [{ destination: { bucket: UNKNOWN } }] }),
                    options: { comesFrom: { rules: ["urn:Bucket:copy"] } },
                },
            ],
        ],
    },
    unknown: { rules: [bucket({ ReplicationConfig: { rules: UNKNOWN } }), "Bucket/shop rules"] },
});
