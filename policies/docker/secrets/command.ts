import { join, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { secretWords } from "../../core/secret-words";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

const LINES = [["entrypoints"], ["command"], ["healthcheck", "tests"]];

export default dockerRule({
    id: "GW-DOC-071",
    slug: "secret-command",
    title: "Docker containers have no secret on a command line",
    why: "Every process of the host reads every command line; docker inspect and ps show it.",
    remedy: "Mount it as a file, and have the program read that.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1", "C1.1"),
    check({ raw }, report) {
        for (const keys of LINES) {
            report.attempt(() => {
                const list = listAt(raw, ...keys);
                const at = join(...keys);
                // Notes the words that are not known.
                report.each(list, at, () => undefined);
                for (const n of secretWords(list)) report(`${at}[${n}]`, "must not hold a secret");
            });
        }
    },
});
