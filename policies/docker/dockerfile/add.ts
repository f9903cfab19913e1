import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { dockerfileRule, eachInstruction } from "./stages";
import { addedSources } from "./sources";

/** By their names: what is in them, which the builder looks at, is not here. */
const ARCHIVE = /\.(?:tar|gz|bz2|xz|zst|lzma|tgz|tbz2?|txz|tzst)$/i;

export default dockerfileRule({
    id: "GW-DOC-082",
    slug: "dockerfile-add",
    title: "Dockerfiles copy files with COPY",
    why: "ADD unpacks archives and follows addresses without being asked to: what lands in the image depends on the file's name.",
    remedy: "Use COPY; ADD is for archives that are to be unpacked.",
    severity: "low",
    levels: FROM_STAGING,
    references: cisDocker("4.9"),
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["ADD"], ({ path, text }) => {
            const local = addedSources(text).filter(({ remote }) => !remote);
            if (local.some(({ source }) => !ARCHIVE.test(source))) report(path, "must be COPY");
        });
    },
});
