import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-011",
    slug: "host-pid",
    title: "Docker containers do not see their host's processes",
    why: "Who sees the host's processes reads their environment, with the secrets in it, and can end them.",
    remedy: "Remove pidMode: host (pid: host).",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.16"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (textAt(raw, "pidMode") === "host") report("pidMode", "must not be host");
    },
});
