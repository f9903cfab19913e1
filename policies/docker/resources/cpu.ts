import { numberAt, valueAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-041",
    slug: "cpu",
    title: "Docker containers have a share or a limit of the processors",
    why: "Without, one that is busy slows down every other on the host alike, the database as well as the report.",
    remedy: "Set cpus, or cpuShares where only the proportion matters (in Compose deploy.resources.limits.cpus, cpus, cpu_shares).",
    severity: "low",
    levels: FROM_STAGING,
    references: [...cisDocker("5.12"), ...soc2("A1.1")],
    check({ raw }, report) {
        // A text: "0.5".
        const limited = Number(valueAt(raw, "cpus") ?? 0) > 0 || (numberAt(raw, "cpuQuota") ?? 0) > 0;
        if (!limited && !((numberAt(raw, "cpuShares") ?? 0) > 0)) report("cpus", "must be set, or cpuShares");
    },
});
