/** References to container images: `registry.example.com:5000/team/api:1.2@sha256:…`. */

export interface ImageReference {
    /** `docker.io` where none is said. */
    readonly registry: string;
    /** Without its registry; the official images of Docker Hub are in `library/`. */
    readonly repository: string;
    readonly tag?: string;
    /** `sha256:…` */
    readonly digest?: string;
}

const REFERENCE =
    /^(?:(?<registry>localhost(?::\d+)?|[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w.-]+:\d+)\/)?(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][\w+.-]*:\w+))?$/;

/** Undefined: it is no reference to an image. */
export function parseImage(reference: string): ImageReference | undefined {
    const groups = REFERENCE.exec(reference)?.groups;
    if (!groups) return undefined;
    const { registry = "docker.io", repository = "", tag, digest } = groups;
    const official = registry === "docker.io" && !repository.includes("/");
    return { registry, repository: official ? `library/${repository}` : repository, tag, digest };
}

/** Whether it is one image, always. What is written as a digest and can be none is found by no registry: nothing else runs in its place. */
export function isPinned({ digest }: ImageReference): boolean {
    return digest !== undefined;
}

/** Whether it can be another image tomorrow: it has no digest, and no tag or the one that moves with each release. */
export function moves({ tag, digest }: ImageReference): boolean {
    return digest === undefined && (tag === undefined || tag === "latest");
}
