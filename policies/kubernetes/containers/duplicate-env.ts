import { listAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-031",
    slug: "duplicate-env",
    title: "Containers set each variable once",
    why: "The last one counts, whatever the first one says; and which is last changes when somebody sorts them.",
    remedy: "Remove one of the two.",
    severity: "low",
    levels: FROM_STAGING,
    references: [],
    check({ raw }, report) {
        const seen = new Set<string>();
        report.eachMap(listAt(raw, "env"), "env", (variable, at) => {
            const name = textAt(variable, "name");
            if (name === undefined) return;
            if (seen.has(name)) report(`${at}.name`, `sets ${name} again`);
            seen.add(name);
        });
    },
});
