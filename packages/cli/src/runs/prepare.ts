/** What `up`, `preview` and the others do before they run: the stack, its images, a valid configuration. */
import { imageKeys } from "../../../../systems/types";
import { chooseImages, defaultMode, type ImageChoice } from "../images/resolve";
import { type DockerHost, reachDocker } from "../docker/client";
import { UsageError } from "../errors";
import type { ImagesMode, RunOptions } from "../options";
import { configure, type ConfiguredSession, openSession } from "../session";
import type { Output } from "../ui/output";

export interface Prepared {
    session: ConfiguredSession;
    images: ImageChoice;
    /** The stack's Docker engine, reached when first asked for. */
    docker: () => Promise<DockerHost>;
}

/** Validates before anything is touched, then decides on images. */
export async function prepare(options: RunOptions, output: Output): Promise<Prepared> {
    const opened = await openSession(options, output);
    const target = options.target;
    let session = await configure(opened, { target });
    let host: Promise<DockerHost> | undefined;
    const docker = (): Promise<DockerHost> => (host ??= reachDocker(session.config.docker.host));
    const mode = imagesMode(options, session);
    const { name } = opened.stack;
    const images = await chooseImages(
        mode,
        { name, config: session.config, system: session.system, project: opened.project },
        async () => (await docker()).docker,
    );
    if (images.override) session = await configure(opened, { target, images: images.override });
    return { session, images, docker };
}

/**
 * Which images are asked for.
 * @throws UsageError for `auto` on a cluster: what its nodes can pull, this machine cannot know
 */
function imagesMode(
    options: RunOptions,
    { config, environment, read, stack }: ConfiguredSession,
): ImagesMode | undefined {
    const said = read.config["groundwork:images"]?.value;
    if (config.target === "docker") return options.images ?? defaultMode(said, environment);
    if (options.images !== "auto") return options.images;
    throw new UsageError(
        `--images auto is for Docker: whether the nodes of ${stack.name}'s cluster can pull an image, only they know.`,
        "Say --images registry, or --images local for stand-ins that each node has already.",
    );
}

/** Catalog keys that this machine has to build. */
export function localKeys({ session, images }: Pick<Prepared, "session" | "images">): string[] {
    const { config, system } = session;
    if (config.images.source !== "local") return images.standIns;
    return imageKeys(system).filter((key) => config.images.overrides[key] === undefined);
}
