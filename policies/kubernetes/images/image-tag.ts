import { moves, parseImage } from "../../core/image-reference";
import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-035",
    slug: "image-tag",
    title: "Images have a tag that says which one it is",
    why: "Without a tag, or with latest, two pods of one workload run two programs, and nobody can go back to what ran yesterday.",
    remedy: "Name the image by the tag of its release, or by its digest.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.5.1")],
    check({ raw }, report) {
        const image = textAt(raw, "image") ?? "";
        const parsed = parseImage(image);
        if (!parsed) report("image", image === "" ? "must be set" : "must be a reference to an image");
        else if (moves(parsed)) report("image", `must have a tag other than latest, or a digest`);
    },
});
