import { isPinned } from "../../core/image-reference";
import { PROD_ONLY } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { imageRule } from "./reference";

export default imageRule({
    id: "GW-DOC-061",
    slug: "digest",
    title: "Docker images are pinned by digest in prod",
    why: "A tag is what its registry says today. A digest is one image, the one that was tested.",
    remedy: "Add @sha256:… to the reference; docker buildx imagetools inspect shows it.",
    severity: "medium",
    levels: PROD_ONLY,
    references: [...cisDocker("5.28"), ...soc2("CC6.8", "CC8.1")],
    check({ image }, report) {
        if (!isPinned(image)) report("", "must have a digest");
    },
});
