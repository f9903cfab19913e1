import { parseImage } from "../../core/image-reference";
import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { ROOT } from "../privileges/root-user";
import { dockerfileRule, finalInstruction, finalStages } from "./stages";

export default dockerfileRule({
    id: "GW-DOC-080",
    slug: "dockerfile-user",
    title: "Dockerfiles name a user that is not root",
    why: "Whoever runs the image without thinking of it runs it as root.",
    remedy: "End with USER and a number, such as 10001:10001.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisDocker("4.1"), ...soc2("CC6.1")],
    check({ resource }, report) {
        const stages = finalStages(resource);
        if (stages.length === 0) return;
        const user = finalInstruction(resource, "USER");
        if (user) {
            if (ROOT.test(user.text)) report(user.path, "must not be root");
            return;
        }
        // Some images say in their tag that they have a user.
        const image = parseImage(textAt(stages.at(-1)!.stage, "image") ?? "");
        if (!image?.tag?.includes("nonroot")) report(stages[0]!.path, "must have USER");
    },
});
