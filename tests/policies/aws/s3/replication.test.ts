import rule from "../../../../policies/aws/s3/replication";
import { bucket, others, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "to another": [...bucket(), ...others()],
        "its own input": plain({ replicationConfiguration: { rules: [{}] } }),
    },
    bad: {
        nothing: [plain(), ""],
        "without a rule": [bucket({ ReplicationConfig: { rules: [] } }), "BucketReplicationConfig/shop"],
    },
    edge: {
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
