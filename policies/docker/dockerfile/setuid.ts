import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";

/** `chmod u+s`, `chmod 4755`; COPY's `--chmod` too. With the sticky bit it is a directory, which runs nothing. */
const SET = /chmod(?:\s+-\S+)*[\s=]+(?:[ugoa]*\+[rwxXt]*s[rwxXst]*|0?[246][0-7]{3})(?=\s|$)/;

export default dockerfileRule({
    id: "GW-DOC-088",
    slug: "dockerfile-setuid",
    title: "Dockerfiles make no program that runs as another user",
    why: "A setuid program is how a user in the container becomes root.",
    remedy: "Remove the bit. To take it from what the base image brings: find / -xdev -perm /6000 -type f -exec chmod a-s {} +",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("4.8"), ...soc2("CC6.1")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["RUN", "COPY", "ADD"], ({ path, text }) => {
            if (SET.test(text)) report(path, "must not set the setuid or setgid bit");
        });
    },
});
