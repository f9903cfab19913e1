import { asText, listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";
import { capabilityName } from "./capability-names";

export default dockerRule({
    id: "GW-DOC-002",
    slug: "capabilities-dropped",
    title: "Docker containers give up every capability that they do not ask for",
    why: "Docker gives each container fourteen capabilities, such as sending forged packets, that hardly any program needs and an intruder uses.",
    remedy: "Drop ALL (capabilities.drops, in Compose cap_drop), and add back what is needed by name.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.4"), ...soc2("CC6.3")],
    check({ raw }, report) {
        const dropped = listAt(raw, "capabilities", "drops");
        if (!dropped.some((item, n) => capabilityName(asText(item, `capabilities.drops[${n}]`)) === "ALL")) {
            report("capabilities.drops", "must have ALL");
        }
    },
});
