/** References to container images: `registry.example.com:5000/team/api:1.2@sha256:…`. */

export interface ImageReference {
    /** `docker.io` where none is said. */
    readonly registry: string;
    /** Without its registry; the official images of Docker Hub are in `library/`. */
    readonly repository: string;
    readonly tag?: string;
    /** `sha256:…`, as it is written: whether it can be one says `isPinned`. */
    readonly digest?: string;
}

const REFERENCE =
    /^(?:(?<registry>localhost(?::\d+)?|[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w.-]+:\d+)\/)?(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][\w+.-]*:\w+))?$/;
const DIGEST = /^sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})$/;

/** Undefined: it is no reference to an image. */
export function parseImage(reference: string): ImageReference | undefined {
    const groups = REFERENCE.exec(reference)?.groups;
    if (!groups) return undefined;
    const { registry = "docker.io", repository = "", tag, digest } = groups;
    const official = registry === "docker.io" && !repository.includes("/");
    return { registry, repository: official ? `library/${repository}` : repository, tag, digest };
}

/** Whether it is one image, always. */
export function isPinned({ digest }: ImageReference): boolean {
    return digest !== undefined && DIGEST.test(digest);
}

/** Whether it can be another image tomorrow: it has no digest, and no tag or the one that moves with each release. */
export function moves({ tag, digest }: ImageReference): boolean {
    return digest === undefined && (tag === undefined || tag === "latest");
}
