import rule from "../../../../policies/aws/kms/deletion";
import { aws } from "../../support/aws";
import { specify, UNKNOWN } from "../../support/spec";

const key = (props: object) => aws("kms/key:Key", { enableKeyRotation: true, ...props });

specify(rule, {
    good: { "the default": key({}), "as long as AWS allows": key({ deletionWindowInDays: 30 }) },
    bad: {
        "a week": [key({ deletionWindowInDays: 7 }), "deletionWindowInDays"],
        "without the check": [key({ bypassPolicyLockoutSafetyCheck: true }), "bypassPolicyLockoutSafetyCheck"],
    },
    edge: {
        "a week in dev": { judged: key({ deletionWindowInDays: 7 }), with: { environment: "dev" } },
        "a text is no number": [key({ deletionWindowInDays: "30" }), "deletionWindowInDays"],
    },
    unknown: {
        "days, the check is certain": {
            judged: key({ deletionWindowInDays: UNKNOWN, bypassPolicyLockoutSafetyCheck: true }),
            unknown: ["deletionWindowInDays"],
            wrong: ["bypassPolicyLockoutSafetyCheck"],
        },
    },
});
