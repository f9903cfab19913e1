import { asText, listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-023",
    slug: "devices",
    title: "Docker containers have no device of their host",
    why: "A disk's device is all of its files, past every permission; memory and input devices are the host itself.",
    remedy: "Remove devices and deviceCgroupRules; a GPU is asked for with gpus or deviceRequests.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisDocker("5.18"), ...soc2("CC6.1")],
    check({ raw }, report) {
        report.attempt(() =>
            report.eachMap(listAt(raw, "devices"), "devices", (_device, path) => report(path, "must not be given")),
        );
        report.each(listAt(raw, "deviceCgroupRules"), "deviceCgroupRules", (rule, path) => {
            asText(rule, path);
            report(path, "must not be given");
        });
    },
});
