import { flagAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-043",
    slug: "read-only-root",
    title: "Docker containers cannot write to their image's files",
    why: "Who gets in can then leave nothing behind: no changed program, no tool, no second way in.",
    remedy: "Set readOnly (read_only), with a tmpfs or a volume for each directory that is written to.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.13"), ...soc2("CC6.8")],
    check({ raw }, report) {
        if (!flagAt(raw, "readOnly")) report("readOnly", "must be true");
    },
});
