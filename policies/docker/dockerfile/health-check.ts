import { IN_PROD } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, finalInstruction, finalStages } from "./stages";

export default dockerfileRule({
    id: "GW-DOC-081",
    slug: "dockerfile-health-check",
    title: "Dockerfiles say how to ask whether the container is well",
    why: "Who runs the image need not know what it answers to, and the engine does not take a process that hangs for a healthy one.",
    remedy: "Add HEALTHCHECK. (Kubernetes does not read it, and asks by its own probes.)",
    severity: "low",
    levels: IN_PROD,
    references: [...cisDocker("4.6"), ...soc2("CC7.2")],
    check({ resource }, report) {
        const [last] = finalStages(resource);
        if (!last) return;
        const found = finalInstruction(resource, "HEALTHCHECK");
        if (!found) report(last.path, "must have HEALTHCHECK");
        else if (/^NONE$/i.test(found.text)) report(found.path, "must not be NONE");
    },
});
