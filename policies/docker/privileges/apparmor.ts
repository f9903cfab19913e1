import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachSecurityOption } from "../containers";

export default dockerRule({
    id: "GW-DOC-006",
    slug: "apparmor",
    title: "Docker containers keep the engine's AppArmor profile",
    why: "docker-default keeps a container from mounting file systems and from writing to what of /proc and /sys changes the host.",
    remedy: "Remove apparmor=unconfined from securityOpts (security_opt), or name a profile.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.2"), ...soc2("CC6.1")],
    check({ raw }, report) {
        eachSecurityOption(raw, report, ({ name, value, path }) => {
            if (name === "apparmor" && value === "unconfined") report(path, "must not be unconfined");
        });
    },
});
