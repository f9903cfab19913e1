import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { dockerfileRule, eachInstruction } from "./stages";

const UPDATE =
    /\b(?:apt-get|apt|aptitude)\s+(?:-\S+\s+)*update\b|\bapk\s+(?:-\S+\s+)*update\b|\b(?:yum|dnf|microdnf)\s+(?:-\S+\s+)*(?:(?:makecache|check-update)\b|update(?:\s+-\S+)*\s*(?=$|[&|;\n]))|\bzypper\s+(?:-\S+\s+)*(?:refresh|ref)\b|\bpacman\s+-S\w*y\w*(?:\s+-\S+)*\s*(?:$|[&|;\n])/;
const INSTALL = /\b(?:install|upgrade|dist-upgrade|full-upgrade|add|build-dep|source|download|in|up)\b|\bpacman\s+-S/;

export default dockerfileRule({
    id: "GW-DOC-085",
    slug: "dockerfile-update-alone",
    title: "Dockerfiles update package lists where they install",
    why: "Alone it stays in the build's cache: months later packages are installed from a list of today, with today's flaws.",
    remedy: "Put both into one RUN: apt-get update && apt-get install -y --no-install-recommends …",
    severity: "low",
    levels: FROM_STAGING,
    references: cisDocker("4.7"),
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["RUN"], ({ path, text }) => {
            const update = UPDATE.exec(text);
            if (update && !INSTALL.test(text.slice(update.index + update[0].length))) {
                report(path, "must install what it updates the list for");
            }
        });
    },
});
