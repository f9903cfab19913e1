import { isPinned, parseImage } from "../../core/image-reference";
import { textAt } from "../../core/raw";
import { PROD_ONLY } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-036",
    slug: "image-digest",
    title: "In prod images are named by their digest",
    why: "A tag can be moved, by whoever can push. A digest is the image that was tested.",
    remedy: "Add the digest of what ran in staging: image:1.2@sha256:….",
    severity: "medium",
    levels: PROD_ONLY,
    references: [...cisKubernetes("5.5.1")],
    check({ raw }, report) {
        const parsed = parseImage(textAt(raw, "image") ?? "");
        if (parsed && !isPinned(parsed)) report("image", "must have a digest");
    },
});
