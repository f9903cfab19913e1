import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-013",
    slug: "host-uts",
    title: "Docker containers cannot rename their host",
    why: "In the host's UTS namespace a container changes the host's name, and with it what logs, certificates and clusters know it by.",
    remedy: "Remove uts: host. (Pulumi's Docker provider has no such input.)",
    severity: "medium",
    levels: ALWAYS,
    references: [...cisDocker("5.21"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (textAt(raw, "utsMode") === "host") report("utsMode", "must not be host");
    },
});
