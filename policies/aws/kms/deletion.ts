import { flagAt, numberAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { resourceRule } from "../resources";

export default resourceRule({
    types: ["aws:kms/key:Key"],
    id: "GW-AWS-021",
    slug: "key-deletion",
    title: "Keys that are deleted can be brought back for as long as AWS allows",
    why: "With a key goes everything that it encrypts, every backup too.",
    remedy: "Leave deletionWindowInDays at 30, and bypassPolicyLockoutSafetyCheck unset.",
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("A1.2", "CC7.5"),
    settings: {
        days: {
            description: "Least days in which a key can be brought back.",
            default: { dev: 7, staging: 30, prod: 30 },
        },
    },
    check({ raw }, report, { settings }) {
        report.attempt(() => {
            const days = numberAt(raw, "deletionWindowInDays") ?? 30;
            if (!(days >= settings.days)) report("deletionWindowInDays", `must be at least ${settings.days}`);
        });
        if (flagAt(raw, "bypassPolicyLockoutSafetyCheck")) report("bypassPolicyLockoutSafetyCheck", "must not be true");
    },
});
