import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, logOption } from "../containers";

export default dockerRule({
    id: "GW-DOC-052",
    slug: "log-rotation",
    title: "Docker containers' logs are kept, and do not fill the disk",
    why: "The engine's default keeps every line for as long as the container lives: one that complains much fills the host's disk. With none there is nothing to find out from.",
    remedy: "Set logDriver to json-file with the option max-size (and max-file), to local, or to one that sends logs elsewhere.",
    severity: "medium",
    levels: FROM_STAGING,
    references: soc2("CC7.2", "A1.1"),
    check({ raw }, report) {
        const driver = textAt(raw, "logDriver") ?? "json-file";
        if (driver === "none") report("logDriver", "must not be none");
        if (driver !== "json-file") return;
        const size = logOption(raw, "max-size");
        if (size === undefined || size === null || size === "" || size === "-1")
            report("logOpts.max-size", "must be set");
    },
});
