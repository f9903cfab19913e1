import { listAt, numberAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-032",
    slug: "ssh",
    title: "Docker containers run no SSH daemon",
    why: "It is a second way in, with keys and users of its own that nobody looks after.",
    remedy: "Use docker exec, and do not publish port 22 of a container.",
    severity: "medium",
    levels: ALWAYS,
    references: [...cisDocker("5.7"), ...soc2("CC6.6")],
    check({ raw }, report) {
        report.attempt(() =>
            report.eachMap(listAt(raw, "ports"), "ports", (port, path) => {
                if (numberAt(port, "internal") === 22) report(`${path}.internal`, "must not be SSH's");
            }),
        );
        for (const key of ["entrypoints", "command"]) {
            report.attempt(() =>
                report.each(listAt(raw, key), key, (word, path) => {
                    if (typeof word === "string" && /(?:^|[\s/])sshd(?:\s|$)/.test(word))
                        report(path, "must not be sshd");
                }),
            );
        }
    },
});
