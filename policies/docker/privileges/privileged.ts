import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-001",
    slug: "privileged",
    title: "Docker containers are not privileged",
    why: "A privileged container has every capability and every device of its host: who takes it over has the host.",
    remedy: "Remove privileged, and add the one capability or device that is needed.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisDocker("5.5"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (flagAt(raw, "privileged")) report("privileged", "must not be true");
    },
});
