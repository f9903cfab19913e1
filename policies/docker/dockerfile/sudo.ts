import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { dockerfileRule, eachInstruction } from "./stages";

/** At the beginning of a command, or of one that is a list in JSON. */
const SUDO = /^\["(?:\/usr\/bin\/)?sudo"|(?:^|&&|\|\|?|;|\n|\bthen\s|\bdo\s|\()\s*(?:\w+=\S*\s+)*sudo\s/;

export default dockerfileRule({
    id: "GW-DOC-089",
    slug: "dockerfile-sudo",
    title: "Dockerfiles do not use sudo",
    why: "A build is root where it is meant to be. An image that has sudo, with a user that needs no password for it, has no user but root.",
    remedy: "Do it before USER, and name the user afterwards.",
    severity: "medium",
    levels: FROM_STAGING,
    references: cisDocker("4.1", "4.8"),
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["RUN"], ({ path, text }) => {
            if (SUDO.test(text)) report(path, "must not use sudo");
        });
    },
});
