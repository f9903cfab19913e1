import { ALWAYS } from "../../core/rule";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

export default statementRule({
    id: "GW-AWS-030",
    slug: "admin-policy",
    title: "No policy of ours allows everything on everything",
    why: "Who gets hold of one key has the account: data, backups, bills, and the logs that would tell of it.",
    remedy: "Name the actions and the resources.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("2.14"), ...soc2("CC6.3")],
    check({ kind, statement }, report) {
        if (kind !== "identity" || !statement.allows) return;
        const all = statement.actions.some((action) => /^\*+(?::\*+)?$/.test(action));
        if (all && statement.isOnEverything) report("", "must not allow every action on everything");
    },
});
