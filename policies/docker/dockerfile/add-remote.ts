import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";
import { addedSources } from "./sources";

export default dockerfileRule({
    id: "GW-DOC-083",
    slug: "dockerfile-add-remote",
    title: "Dockerfiles check what they download",
    why: "ADD takes whatever is at the address on the day of the build.",
    remedy: "Add --checksum=sha256:…, or download it in a RUN that compares its checksum.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("4.11"), ...soc2("CC6.8")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["ADD"], ({ path, text }) => {
            const remote = addedSources(text).some((source) => source.remote && !source.pinned);
            if (remote && !/(?:^|\s)--checksum=\S/.test(text)) report(path, "must have --checksum");
        });
    },
});
