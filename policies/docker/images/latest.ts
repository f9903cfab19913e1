import { moves } from "../../core/image-reference";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { imageRule } from "./reference";

export default imageRule({
    id: "GW-DOC-060",
    slug: "latest",
    title: "Docker images have a version",
    why: "latest is another image tomorrow: two hosts run different ones, and nobody can go back.",
    remedy: "Name a version's tag, or a digest.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.28"), ...soc2("CC8.1")],
    check({ image }, report) {
        if (moves(image)) report("", `must have a tag other than latest, or a digest`);
    },
});
