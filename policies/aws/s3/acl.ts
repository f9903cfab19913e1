import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";
import { grantsOf } from "./grants";

/** `public-read`, `public-read-write`, `authenticated-read`: any account of AWS's. */
const OPEN = /^(?:public-|authenticated-)/;
const EVERYBODY = /\/(?:AllUsers|AuthenticatedUsers)$/;
/** What lets somebody grant more. S3's logging needs neither. */
const GRANTING = ["WRITE_ACP", "FULL_CONTROL"];

export default bucketRule({
    id: "GW-AWS-003",
    slug: "bucket-acl",
    title: "Buckets grant nothing by access control lists",
    why: "Lists are a second way beside policies, per object, set by whoever uploads it: nobody can tell from the policy who reads what.",
    remedy: "Leave objectOwnership at BucketOwnerEnforced, which S3 gives each new bucket, and remove acl and grants.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1", "CC6.6"),
    parts: ["Acl", "OwnershipControls"],
    check(bucket, report) {
        report.attempt(() => {
            for (const { resource, raw } of bucket.parts("Acl")) {
                report.attempt(() => {
                    if (OPEN.test(textAt(raw, "acl") ?? "")) report("acl", "must not be open to others", resource);
                });
            }
        });
        report.attempt(() => {
            for (const { resource, path, group, permissions } of grantsOf(bucket)) {
                if (EVERYBODY.test(group)) report(path, "must not be to everybody", resource);
                else if (group !== "" && permissions.some((permission) => GRANTING.includes(permission as string)))
                    report(path, "must not let a group change the list", resource);
            }
        });
        for (const { resource, raw } of bucket.parts("OwnershipControls")) {
            if (textAt(nested(raw, ["rule"]), "objectOwnership") !== "BucketOwnerEnforced")
                report("rule.objectOwnership", "must be BucketOwnerEnforced", resource);
        }
    },
});
