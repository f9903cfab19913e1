import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** What only lists, which often can be on nothing in particular. */
const LISTING =
    /^[\w-]+:(?:List|Describe|Get(?!Object|SecretValue|Parameter|Item|Records|Session|Federation|Authorization|Log)|Search|View)\w*\*?$/i;

export default statementRule({
    id: "GW-AWS-033",
    slug: "wildcard-resources",
    title: "Policies name what they allow to change",
    why: "On * a role that is to write to one bucket writes to every other of the account's as well.",
    remedy: "Name the resources by their ARNs.",
    severity: "medium",
    levels: FROM_STAGING,
    references: soc2("CC6.3"),
    check({ kind, statement }, report) {
        if (kind !== "identity" || !statement.allows || !statement.isOnEverything || statement.conditions.length > 0)
            return;
        if (statement.notActions.length > 0 || statement.actions.some((action) => !LISTING.test(action))) {
            report(statement.resources.length > 0 ? "Resource" : "NotResource", "must name resources");
        }
    },
});
