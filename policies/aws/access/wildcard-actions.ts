import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** Actions that do not even say the verb: `*`, `s3:*`, `s3:*Object`, `iam:P*`. */
const UNNAMED = /^[^:]*[*?]|:[^*?]{0,2}[*?]/;

export default statementRule({
    id: "GW-AWS-032",
    slug: "wildcard-actions",
    title: "Policies name the actions that they allow",
    why: "s3:* is also removing every version and the bucket itself, and whatever AWS adds next.",
    remedy: "Name the actions; a beginning such as s3:Get* will do where all of them only read.",
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("CC6.3"),
    check({ kind, statement }, report) {
        // A key's own policy gives it to its account, whose administrators then say who may use it.
        if (!statement.allows || kind === "key") return;
        statement.actions.forEach((action) => {
            if (UNNAMED.test(action)) report("Action", `must not be ${action}`);
        });
        if (statement.notActions.length > 0) report("NotAction", "must not be used to allow: it allows all the rest");
    },
});
