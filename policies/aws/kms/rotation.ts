import { flagAt, hasAt, numberAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { resourceRule } from "../resources";

/** Which alone AWS changes by itself, and of those not what is kept in a key store of one's own. */
const SYMMETRIC = "SYMMETRIC_DEFAULT";

export default resourceRule({
    types: ["aws:kms/key:Key"],
    id: "GW-AWS-020",
    slug: "key-rotation",
    title: "Keys are changed every year",
    why: "The longer one key encrypts everything, the more there is to read for whoever gets it.",
    remedy: "Set enableKeyRotation; older data stays readable.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisAws("4.6"), ...soc2("CC6.1")],
    settings: { days: { description: "Longest time between two changes, in days.", default: 365 } },
    check({ raw }, report, { settings }) {
        const spec = textAt(raw, "customerMasterKeySpec") ?? SYMMETRIC;
        const usage = textAt(raw, "keyUsage") ?? "ENCRYPT_DECRYPT";
        if (spec !== SYMMETRIC || usage !== "ENCRYPT_DECRYPT" || hasAt(raw, "customKeyStoreId")) return;
        if (!flagAt(raw, "enableKeyRotation")) report("enableKeyRotation", "must be true");
        const period = numberAt(raw, "rotationPeriodInDays");
        if (period !== undefined && period > settings.days)
            report("rotationPeriodInDays", `must be at most ${settings.days}`);
    },
});
