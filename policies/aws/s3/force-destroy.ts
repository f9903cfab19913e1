import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { bucketRule } from "../buckets";

export default bucketRule({
    id: "GW-AWS-011",
    slug: "bucket-force-destroy",
    title: "Buckets do not go with all that is in them",
    why: "With forceDestroy a change of the bucket's name empties it first.",
    remedy: "Remove forceDestroy outside of dev.",
    severity: "high",
    levels: { ...FROM_STAGING, dev: "disabled" },
    references: soc2("A1.2"),
    check({ raw }, report) {
        if (flagAt(raw, "forceDestroy")) report("forceDestroy", "must not be true");
    },
});
