import { ALWAYS } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachSecurityOption } from "../containers";

export default dockerRule({
    id: "GW-DOC-009",
    slug: "system-paths",
    title: "Docker containers see /proc and /sys as they are meant to",
    why: "The engine hides what of /proc and /sys tells of the host or changes it: its memory, its keys, its kernel's switches. With systempaths=unconfined all of it is there, and can be written to.",
    remedy: "Remove systempaths=unconfined from securityOpts (security_opt).",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1"),
    check({ raw }, report) {
        eachSecurityOption(raw, report, ({ name, value, path }) => {
            if (name === "systempaths" && value === "unconfined") report(path, "must not be unconfined");
        });
    },
});
