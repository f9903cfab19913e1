import rule from "../../../../policies/aws/s3/acl";
import { bucket, plain } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "the owner's alone": bucket() },
    bad: {
        nothing: [plain(), ""],
        "the writer's": [
            bucket({ OwnershipControls: { rule: { objectOwnership: "ObjectWriter" } } }),
            "BucketOwnershipControls/shop rule.objectOwnership",
        ],
        "open, beside": [bucket({ Acl: { acl: "public-read" } }), "BucketAcl/shop acl"],
        "open, by its own input": [bucket({}, { acl: "public-read-write" }), "Bucket/shop acl"],
        "granted to everybody": [
            bucket({}, { grants: [{ uri: "http://acs.amazonaws.com/groups/global/AllUsers" }] }),
            "Bucket/shop grants[0].uri",
        ],
    },
    edge: {
        private: [bucket({ Acl: { acl: "private" } })],
        "granted to a group of AWS's": [
            bucket({}, { grants: [{ uri: "http://acs.amazonaws.com/groups/s3/LogDelivery" }] }),
        ],
    },
    unknown: {
        "the list, the ownership is certain": {
            judged: bucket({ Acl: { acl: UNKNOWN }, OwnershipControls: { rule: { objectOwnership: "ObjectWriter" } } }),
            unknown: ["Bucket/shop acl"],
            wrong: ["BucketOwnershipControls/shop rule.objectOwnership"],
        },
    },
});
