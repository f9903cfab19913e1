import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-014",
    slug: "host-users",
    title: "Docker containers do not opt out of user namespaces",
    why: "Where the engine maps root in containers to nobody on the host, such a container's root is the host's root.",
    remedy: "Remove usernsMode: host (userns_mode: host).",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.31"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (textAt(raw, "usernsMode") === "host") report("usernsMode", "must not be host");
    },
});
