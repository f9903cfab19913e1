import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";

const SHELL = String.raw`(?:sudo\s+(?:-\S+\s+)*)?(?:/(?:usr/)?bin/)?(?:env\s+)?(?:(?:ba|da|a|k|z)?sh|python3?|perl|ruby|node)\b`;
const PIPED = new RegExp(String.raw`\b(?:curl|wget)\b[^;&|]*\|\s*${SHELL}`);
const SUBSTITUTED = new RegExp(String.raw`${SHELL}[^;&|]*(?:<\(|\$\(|\x60)\s*(?:curl|wget)\b`);

export default dockerfileRule({
    id: "GW-DOC-086",
    slug: "dockerfile-piped-script",
    title: "Dockerfiles run no script that they have just downloaded",
    why: "Whoever holds the address, or broke the connection off halfway, decides what runs as root in the build.",
    remedy: "Download it, compare its checksum, then run it; or install a package.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("4.11", "4.12"), ...soc2("CC6.8")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["RUN"], ({ path, text }) => {
            if (PIPED.test(text) || SUBSTITUTED.test(text)) report(path, "must not run what it downloads unseen");
        });
    },
});
