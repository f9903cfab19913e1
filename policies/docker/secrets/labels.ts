import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { isSecretLiteral } from "../../core/secret-looking";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-072",
    slug: "secret-label",
    title: "Docker containers have no secret in a label",
    why: "Labels are for finding things: monitoring, proxies and whoever lists containers read them, and pass them on.",
    remedy: "Mount it as a file.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1", "C1.1"),
    check({ raw }, report) {
        report.eachMap(listAt(raw, "labels"), "labels", (label, path) => {
            if (isSecretLiteral(textAt(label, "label") ?? "", textAt(label, "value") ?? "")) {
                report(`${path}.value`, "must not be a secret");
            }
        });
    },
});
