import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachSecurityOption } from "../containers";

export default dockerRule({
    id: "GW-DOC-007",
    slug: "selinux",
    title: "Docker containers keep their SELinux labels",
    why: "Without a label of its own a container is not kept apart from the host's files where SELinux is what does it.",
    remedy: "Remove label:disable from securityOpts (security_opt); a volume that is to be shared is relabelled with :z.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.3"), ...soc2("CC6.1")],
    check({ raw }, report) {
        eachSecurityOption(raw, report, ({ name, value, path }) => {
            if (name === "label" && value === "disable") report(path, "must not be disabled");
        });
    },
});
