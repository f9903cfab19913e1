import { listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, isJob } from "../containers";

export default dockerRule({
    id: "GW-DOC-051",
    slug: "health-check",
    title: "Docker containers are asked whether they are well",
    why: "A process that runs and answers nothing looks like a healthy one, to the engine and to what waits for it.",
    remedy: "Give it a healthcheck that asks what its clients ask.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.27"), ...soc2("CC7.2", "A1.2")],
    check({ raw }, report) {
        if (isJob(raw)) return;
        const [first] = listAt(raw, "healthcheck", "tests");
        if (first === undefined || first === "NONE") report("healthcheck", "must be set");
    },
});
