import rule from "../../../../policies/aws/s3/acl";
import { bucket, part, partV2, plain, plainV2 } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const GROUPS = "http://acs.amazonaws.com/groups";
const grants = (...list: [uri: string, permission: string][]) => ({
    accessControlPolicy: {
        owner: { id: "1" },
        grants: list.map(([uri, permission]) => ({ permission, grantee: { type: "Group", uri } })),
    },
});

specify(rule, {
    good: {
        "the owner's alone": bucket(),
        "what S3 gives a new bucket": plain(),
        "of its owner": bucket({
            Acl: { accessControlPolicy: { grants: [{ permission: "FULL_CONTROL", grantee: { id: "1" } }] } },
        }),
        "another's, and the owner's alone": part(
            "OwnershipControls",
            { rule: { objectOwnership: "BucketOwnerEnforced" } },
            "b",
        ),
    },
    bad: {
        "the writer's": [
            bucket({ OwnershipControls: { rule: { objectOwnership: "ObjectWriter" } } }),
            "BucketOwnershipControls/shop rule.objectOwnership",
        ],
        "open, beside": [bucket({ Acl: { acl: "public-read" } }), "BucketAcl/shop acl"],
        "open, by its own input": [bucket({}, { acl: "public-read-write" }), "Bucket/shop acl"],
        "open to whoever has an account": [plainV2({ acl: "authenticated-read" }), "acl"],
        "open, of a bucket that is not in the stack": [partV2("Acl", { acl: "public-read" }, "other"), "acl"],
        "granted to everybody": [
            bucket({}, { grants: [{ uri: `${GROUPS}/global/AllUsers`, permissions: ["READ"] }] }),
            "Bucket/shop grants[0]",
        ],
        "granted to everybody, beside": [
            bucket({
                Acl: grants([`${GROUPS}/s3/LogDelivery`, "WRITE"], [`${GROUPS}/global/AuthenticatedUsers`, "READ"]),
            }),
            "BucketAcl/shop accessControlPolicy.grants[1]",
        ],
        "a group that may grant more": [
            bucket({ Acl: grants([`${GROUPS}/s3/LogDelivery`, "WRITE_ACP"]) }),
            "BucketAcl/shop accessControlPolicy.grants[0]",
        ],
    },
    edge: {
        private: [bucket({ Acl: { acl: "private" } })],
        "private, of what is not the owner's alone": [
            [plain(), part("Acl", { acl: "private" }), part("OwnershipControls", { rule: {} })],
            "BucketOwnershipControls/shop rule.objectOwnership",
        ],
        "private beside, open by its own input": [
            bucket({ Acl: { acl: "private" } }, { acl: "public-read" }),
            "Bucket/shop acl",
        ],
        "granted to a group of AWS's": [
            bucket({}, { grants: [{ uri: `${GROUPS}/s3/LogDelivery`, permissions: ["WRITE"] }] }),
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
