/** Docker containers and Dockerfiles for specifications. */
import type { Raw } from "../../../policies/core/raw";
import { resource, type Resource } from "../../../policies/core/resource";
import { CONTAINER } from "../../../policies/docker/containers";
import { DOCKERFILE } from "../../../policies/docker/dockerfile/stages";
import { fromDockerfile } from "../../../policies/sources/dockerfile";

export const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The inputs of a container that keeps every rule. */
const PASSING: Raw = {
    image: `registry.example.com/team/api:1.2@${DIGEST}`,
    user: "10001:10001",
    readOnly: true,
    privileged: false,
    capabilities: { adds: ["NET_BIND_SERVICE"], drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    ipcMode: "private",
    memory: 256,
    cpus: "0.5",
    pidsLimit: 100,
    ulimits: [{ name: "nofile", soft: 1024, hard: 4096 }],
    mounts: [{ type: "volume", source: "data", target: "/data" }],
    networkMode: "bridge",
    networksAdvanced: [{ name: "shop" }],
    ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }],
    logDriver: "json-file",
    logOpts: { "max-size": "10m" },
    healthcheck: { tests: ["CMD", "true"] },
    restart: "unless-stopped",
    envs: ["PORT=8080", "POSTGRES_PASSWORD_FILE=/run/secrets/password"],
    labels: [{ label: "dev.groundwork.component", value: "edge" }],
    command: ["serve", "--port", "8080"],
};

/** A container that keeps every rule but for these properties; `undefined` takes one away. */
export function container(changes: Raw = {}): Resource {
    const props = Object.fromEntries(
        Object.entries({ ...PASSING, ...changes }).filter(([, value]) => value !== undefined),
    );
    return resource({ type: CONTAINER, name: "Container/api", urn: "urn:api", props });
}

/** A Dockerfile of these lines. */
export function dockerfile(...lines: string[]): Resource {
    return fromDockerfile(lines.join("\n"), "Dockerfile").resources[0]!;
}

/** The lines of a Dockerfile that keeps every rule. */
export const PASSING_DOCKERFILE = [
    `FROM registry.example.com/team/base:1.2@${DIGEST}`,
    "COPY app /app",
    "HEALTHCHECK CMD wget -q -O /dev/null http://127.0.0.1:8080/health",
    "USER 10001:10001",
    'CMD ["/app"]',
];

/** A Dockerfile that keeps every rule, with a line more before its user. */
export function dockerfileWith(...lines: string[]): Resource {
    return dockerfile(...PASSING_DOCKERFILE.slice(0, 2), ...lines, ...PASSING_DOCKERFILE.slice(2));
}

/** A Dockerfile as its source would give it, with something that no source gives. */
export function rawDockerfile(props: Raw): Resource {
    return resource({ type: DOCKERFILE, name: "Dockerfile/Dockerfile", props });
}
