import { hasAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-016",
    slug: "cgroup",
    title: "Docker containers are in the cgroup that the engine gives them",
    why: "Under another parent the engine's limits do not hold, and in the host's cgroup namespace a container sees what else runs there.",
    remedy: "Remove cgroupParent (cgroup_parent) and cgroupnsMode: host (cgroup: host).",
    severity: "medium",
    levels: FROM_STAGING,
    references: cisDocker("5.25"),
    check({ raw }, report) {
        report.attempt(() => {
            if (hasAt(raw, "cgroupParent") && textAt(raw, "cgroupParent") !== "") {
                report("cgroupParent", "must not be set");
            }
        });
        if (textAt(raw, "cgroupnsMode") === "host") report("cgroupnsMode", "must not be host");
    },
});
