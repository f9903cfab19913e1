import rule from "../../../../policies/aws/s3/versioning";
import { aws, bucket, part, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        beside: bucket(),
        "its own input": plain({ versioning: { enabled: true } }),
        "as older providers have it": plain({ versionings: [{ enabled: true }] }),
    },
    bad: {
        nothing: [plain(), ""],
        suspended: [
            bucket({ Versioning: { versioningConfiguration: { status: "Suspended" } } }),
            "BucketVersioning/shop versioningConfiguration.status",
        ],
        "enabled by its own input, suspended beside": [
            bucket(
                { Versioning: { versioningConfiguration: { status: "Suspended" } } },
                { versioning: { enabled: true } },
            ),
            "BucketVersioning/shop versioningConfiguration.status",
        ],
        "suspended, of a bucket that is not in the stack": [
            part("Versioning", { versioningConfiguration: { status: "Suspended" } }, "other"),
            "versioningConfiguration.status",
        ],
        off: [plain({ versioning: { enabled: false } }), "versioning"],
    },
    edge: {
        "a text is no switch": [plain({ versioning: { enabled: "true" } }), "enabled"],
        "the same of another name": [
            [
                plain(),
                aws("s3/bucketVersioningV2:BucketVersioningV2", {
                    bucket: "shop",
                    versioningConfiguration: { status: "Enabled" },
                }),
            ],
        ],
    },
    unknown: {
        status: [
            bucket({ Versioning: { versioningConfiguration: { status: UNKNOWN } } }),
            "Bucket/shop versioningConfiguration.status",
        ],
    },
});
