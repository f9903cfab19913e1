/** The engine's way to a Docker host, for tools that look at what it deployed. */
export {
    connect as connectDocker,
    DEFAULT_HOST as DEFAULT_DOCKER_HOST,
    reaching as reachingDocker,
    relocate as relocateDocker,
} from "./providers/docker/client";
export { demultiplexed } from "./providers/docker/frames";
export { DockerUnreachableError } from "./providers/docker/errors";
