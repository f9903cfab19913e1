import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule, nested } from "../buckets";

/** `public-read`, `public-read-write`, `authenticated-read`: any account of AWS's. */
const OPEN = /^(?:public-|authenticated-)/;
const EVERYBODY = /\/(?:AllUsers|AuthenticatedUsers)$/;

export default bucketRule({
    id: "GW-AWS-003",
    slug: "bucket-acl",
    title: "Buckets grant nothing by access control lists",
    why: "Lists are a second way beside policies, per object, set by whoever uploads it: nobody can tell from the policy who reads what.",
    remedy: "Set objectOwnership to BucketOwnerEnforced in BucketOwnershipControls, and remove acl and grants.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1", "CC6.6"),
    check(bucket, report) {
        report.attempt(() => {
            const acl = bucket.part("Acl");
            if (acl && OPEN.test(textAt(acl.raw, "acl") ?? ""))
                report("acl", "must not be open to others", acl.resource);
        });
        report.attempt(() =>
            report.eachMap(listAt(bucket.raw, "grants"), "grants", (grant, path) => {
                if (EVERYBODY.test(textAt(grant, "uri") ?? "")) report(`${path}.uri`, "must not be everybody");
            }),
        );
        const ownership = bucket.part("OwnershipControls");
        if (!ownership) {
            report("", "must have BucketOwnershipControls");
            return;
        }
        if (textAt(nested(ownership.raw, ["rule"]), "objectOwnership") !== "BucketOwnerEnforced") {
            report("rule.objectOwnership", "must be BucketOwnerEnforced", ownership.resource);
        }
    },
});
