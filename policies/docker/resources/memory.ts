import { numberAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-040",
    slug: "memory",
    title: "Docker containers have a limit of memory",
    why: "One without takes all there is, and the kernel ends whatever it likes, on the whole host.",
    remedy: "Set memory (in Compose deploy.resources.limits.memory or mem_limit).",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.11"), ...soc2("A1.1")],
    check({ raw }, report) {
        if (!((numberAt(raw, "memory") ?? 0) > 0)) report("memory", "must be set");
    },
});
