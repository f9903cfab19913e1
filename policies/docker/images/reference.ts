/** Images as rules look at them, wherever one is named: by a container, a Pulumi image, a Dockerfile's FROM. */
import { UnitsBuilder } from "../../core/check";
import { type ImageReference, parseImage } from "../../core/image-reference";
import { MalformedError, textAt } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Resource } from "../../core/resource";
import { ruleFor, type Unit } from "../../core/rule";
import { CONTAINER } from "../containers";
import { DOCKERFILE, stagesOf } from "../dockerfile/stages";

const REMOTE_IMAGE = "docker:index/remoteImage:RemoteImage";

export interface NamedImage extends Unit {
    readonly image: ImageReference;
}

/** The id of an image that is there already: nothing is more certain. */
const IMAGE_ID = /^sha256:[a-f0-9]{64}$/;

const imagesOf = remember((resource: Resource) => {
    const found = new UnitsBuilder<NamedImage>();
    const add = (path: string, reference: string | undefined) => {
        if (reference === undefined || IMAGE_ID.test(reference)) return;
        const image = parseImage(reference);
        if (!image) throw new MalformedError(path, "a reference to an image", reference);
        found.units.push({ path, image });
    };
    if (resource.type === DOCKERFILE) {
        found.attempt("", () => {
            for (const { path, stage } of stagesOf(resource)) {
                // What is built from nothing, or from another stage, names no image.
                found.attempt("", () => add(`${path}.image`, textAt(stage, "image")));
            }
        });
    } else {
        const key = resource.type === CONTAINER ? "image" : "name";
        found.attempt("", () => add(key, textAt(resource.props, key)));
    }
    return found;
});

/** Looks at every image that something is made from. */
export const imageRule = ruleFor<NamedImage>({
    scope: "resource",
    applies: (type) => type === CONTAINER || type === REMOTE_IMAGE || type === DOCKERFILE,
    units: imagesOf,
});
