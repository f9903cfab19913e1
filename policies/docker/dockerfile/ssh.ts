import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";

export default dockerfileRule({
    id: "GW-DOC-090",
    slug: "dockerfile-ssh",
    title: "Dockerfiles do not open SSH's port",
    why: "An SSH daemon in a container is a second way in, with keys and users of its own that nobody looks after.",
    remedy: "Remove EXPOSE 22 and the daemon; use docker exec.",
    severity: "medium",
    levels: ALWAYS,
    references: [...cisDocker("5.7"), ...soc2("CC6.6")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["EXPOSE"], ({ path, text }) => {
            if (/(?:^|\s)22(?:\/tcp)?(?=\s|$)/i.test(text)) report(path, "must not open port 22");
        });
    },
});
