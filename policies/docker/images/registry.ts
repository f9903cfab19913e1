import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { imageRule } from "./reference";

export default imageRule({
    id: "GW-DOC-062",
    slug: "registry",
    title: "Docker images come from registries that are trusted",
    why: "Whoever owns the registry decides what runs. A name that is one letter off is somebody else.",
    remedy: "Copy the image to a registry of yours, or add its registry to the policy configuration.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisDocker("4.2"), ...soc2("CC6.8")],
    settings: {
        registries: {
            description:
                "Registries, with a path if need be (registry.example.com/team); docker.io for images that name none. Empty: all are trusted",
            default: [] as readonly string[],
        },
    },
    check({ image }, report, { settings: { registries } }) {
        const from = `${image.registry}/${image.repository}`;
        if (registries.length > 0 && !registries.some((trusted) => from.startsWith(`${trusted}/`))) {
            report("", `must come from ${registries.join(" or ")}`);
        }
    },
});
