import { parseImage } from "../../core/image-reference";
import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-037",
    slug: "image-registry",
    title: "Images come from registries that are trusted",
    why: "Whoever owns the registry decides what runs. A name that is one letter off is somebody else.",
    remedy: "Copy the image to a registry of yours, or add its registry to the policy configuration.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.5.1")],
    settings: {
        registries: {
            description: "Registries, with a path if need be (registry.example.com/team). Empty: all are trusted",
            default: [] as readonly string[],
        },
    },
    check({ raw }, report, { settings }) {
        const image = parseImage(textAt(raw, "image") ?? "");
        if (!image || settings.registries.length === 0) return;
        const from = `${image.registry}/${image.repository}`;
        if (!settings.registries.some((trusted) => from.startsWith(`${trusted}/`))) {
            report("image", `must come from ${settings.registries.join(" or ")}`);
        }
    },
});
