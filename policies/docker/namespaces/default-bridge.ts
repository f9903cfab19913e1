import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, namedNetworks } from "../containers";

export default dockerRule({
    id: "GW-DOC-015",
    slug: "default-bridge",
    title: "Docker containers are in networks made for them",
    why: "On the default bridge every container of the host reaches every other, whichever application it belongs to.",
    remedy: "Make a network for what must talk to each other, and name it in networksAdvanced (networks); none where it needs no network.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.30"), ...soc2("CC6.6")],
    check({ raw }, report) {
        // An id that is not known yet is a network all the same.
        const named = namedNetworks(raw).length > 0;
        const mode = textAt(raw, "networkMode") ?? "default";
        if (!named && (mode === "default" || mode === "bridge")) report("networksAdvanced", "must name a network");
    },
});
