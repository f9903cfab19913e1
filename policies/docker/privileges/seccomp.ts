import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachSecurityOption } from "../containers";

export default dockerRule({
    id: "GW-DOC-005",
    slug: "seccomp",
    title: "Docker containers keep the engine's filter of system calls",
    why: "Docker's seccomp profile refuses some fifty system calls that no ordinary program makes and that most escapes begin with.",
    remedy: "Remove seccomp=unconfined from securityOpts (security_opt); a program that needs one call more gets a profile of its own.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.22"), ...soc2("CC6.1")],
    check({ raw }, report) {
        eachSecurityOption(raw, report, ({ name, value, path }) => {
            if (name === "seccomp" && value === "unconfined") report(path, "must not be unconfined");
        });
    },
});
