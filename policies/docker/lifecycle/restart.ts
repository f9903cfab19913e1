import { numberAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, isJob } from "../containers";

/** More hide that it cannot start. */
const MOST_RETRIES = 5;

export default dockerRule({
    id: "GW-DOC-050",
    slug: "restart",
    title: "Docker containers start again when they fail, and stay stopped when somebody stopped them",
    why: "Without a policy one that crashes stays down. With always one that an operator stopped is back when the engine restarts; without end, one that cannot start keeps the host busy.",
    remedy: "Set restart to unless-stopped, or to on-failure with maxRetryCount up to 5 (on-failure:5).",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.15"), ...soc2("A1.2")],
    check({ raw }, report) {
        if (isJob(raw)) return;
        const restart = textAt(raw, "restart") ?? "no";
        if (restart === "unless-stopped") return;
        if (restart !== "on-failure") report("restart", `must be unless-stopped or on-failure, and is ${restart}`);
        else {
            const retries = numberAt(raw, "maxRetryCount") ?? 0;
            if (retries < 1 || retries > MOST_RETRIES) report("maxRetryCount", `must be from 1 to ${MOST_RETRIES}`);
        }
    },
});
