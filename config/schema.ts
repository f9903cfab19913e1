/**
 * Everything that a stack file may say under `groundwork:`. What depends on the system, the environment or another key is
 * checked in `rules/`; defaults are in `defaults.ts`; what comes out is in `types.ts`.
 */
import { z } from "zod";

import { DATABASES, ENVIRONMENTS, type Objective, SYSTEM_KEYS } from "../systems/types";
import { port } from "./field-makers";
import { field } from "./fields";
import {
    EMAIL,
    HOST_NAME,
    isDockerHost,
    isHostName,
    isHttpsUrl,
    isImageReference,
    isIpAddress,
    isMirrorPrefix,
    LABEL,
    SECRET_NAME,
} from "./formats";
import { backupSchema } from "./schema.backup";
import { kubernetesSchema } from "./schema.kubernetes";
import { postgresSchema } from "./schema.postgres";
import { servicesSchema } from "./schema.services";
import { storesSchema } from "./schema.stores";

export const NAMESPACE = "groundwork";

/** Scenarios of `Objective`, so that a new one there is an error here until it is taken up. */
const SCENARIOS = [
    "service-crash",
    "database-corruption",
    "complete-loss",
    "infrastructure-failure",
] as const satisfies readonly Objective["scenario"][];

const seconds = (meaning: string, example: number) =>
    field(z.int().min(0).max(31_536_000), {
        meaning,
        rule: "must be a whole number of seconds from 0 to 31536000 (a year)",
        example,
        default: "the document's",
    }).optional();

const edge = z.strictObject({
    address: field(z.string().max(45).refine(isIpAddress), {
        meaning: "Address of the host that the edge publishes its ports on.",
        rule: "must be an IPv4 or IPv6 address",
        example: "127.0.0.1",
    }).optional(),
    httpPort: port("Port for HTTP, which redirects to HTTPS.", 8080),
    httpsPort: port("Port for HTTPS, over TCP and, for HTTP/3, UDP.", 8443),
    http3: field(z.boolean(), {
        meaning:
            "Whether browsers may use HTTP/3, which is UDP on the HTTPS port. Not every load balancer takes TCP and UDP on one port.",
        rule: "must be true or false",
        example: false,
    }).optional(),
});

const tls = z.strictObject({
    mode: field(z.enum(["internal", "acme", "certificate"]), {
        meaning:
            "Where the edge's certificate comes from. `internal`: Caddy's own authority, which browsers do not trust. `acme`: " +
            "a public authority such as Let's Encrypt. `certificate`: yours, in the secrets `TLS_CERTIFICATE` and `TLS_PRIVATE_KEY`.",
        rule: "must be one of internal, acme, certificate",
        example: "acme",
    }).optional(),
    email: field(z.string().max(254).regex(EMAIL), {
        meaning: "Mailbox of the ACME account, which the authority writes to when a certificate is about to end.",
        rule: "must be an e-mail address",
        example: "platform@example.com",
        default: "none; required with mode acme",
    }).optional(),
    directory: field(z.string().refine(isHttpsUrl), {
        meaning: "Directory URL of the ACME authority. Set it for an authority of your own.",
        rule: "must be an https:// URL without user name or password",
        example: "https://acme-staging-v02.api.letsencrypt.org/directory",
        default: "Caddy's: Let's Encrypt, then ZeroSSL",
    }).optional(),
});

const imageReference = field(z.string().refine(isImageReference), {
    meaning: "Image to run instead of the one in the catalog, in full. The mirror is not put in front of it.",
    rule: "must be an image reference: [host[:port]/]path[:tag][@sha256:<64 hexadecimal digits>], in lower case",
    example: "registry.example.com/debt-os/api:1.4.2",
    default: "the catalog's",
});

const images = z.strictObject({
    source: field(z.enum(["registry", "local"]), {
        meaning:
            "`registry`: the images that the documents name. `local`: stand-ins that are built on this machine from `images/`.",
        rule: "must be one of registry, local",
        example: "registry",
    }).optional(),
    mirror: field(z.string().refine(isMirrorPrefix), {
        meaning: "Put in front of every image of the catalog, with a slash.",
        rule: "must be a registry prefix: host[:port][/path], without https:// and without a slash at the end",
        example: "mirror.example.com/proxy",
        default: "none",
    }).optional(),
    overrides: field(z.record(z.string().regex(LABEL), imageReference), {
        meaning: "Other images, by key of the catalog.",
        rule: "must be a map from a key of the catalog to an image reference",
        example: { "debt-os-api": "registry.example.com/debt-os/api:1.4.2" },
        default: "none",
        keyName: "<image>",
    }).optional(),
});

const docker = z.strictObject({
    host: field(z.string().refine(isDockerHost), {
        meaning: "Docker engine that the stack runs on.",
        rule: "must be unix:///path, ssh://[user@]host[:port], tcp://host:port or npipe:////./pipe/name, without a password",
        example: "ssh://deploy@docker.example.com",
        default: "the environment variable DOCKER_HOST, else the engine's own socket",
    }).optional(),
});

const volume = z.strictObject({
    sizeMiB: field(z.int().min(64).max(67_108_864), {
        meaning:
            "Size in MiB: what Kubernetes claims. Docker limits no volume; on both, an eighth of its volume bounds the log that Postgres keeps for backups.",
        rule: "must be a whole number of MiB from 64 to 67108864 (64 TiB)",
        example: 10240,
        default: "the document's, per environment",
    }).optional(),
});

const objective = z.strictObject({
    rtoSeconds: seconds("Longest time until the platform serves again, in seconds. Not above the document's.", 900),
    rpoSeconds: seconds("Most data that may be lost, in seconds of work. Not above the document's.", 3600),
});

export const configSchema = z.strictObject({
    system: field(z.enum(SYSTEM_KEYS), {
        meaning: "The platform that the stack deploys.",
        rule: `must be one of ${SYSTEM_KEYS.join(", ")}`,
        example: "debt-os",
    }),
    environment: field(z.enum(ENVIRONMENTS), {
        meaning: "The environment, which decides the defaults of everything else.",
        rule: `must be one of ${ENVIRONMENTS.join(", ")}`,
        example: "staging",
    }),
    database: field(z.enum(DATABASES), {
        meaning:
            "The main database, for a system whose document offers a choice: project-manager. Another one starts empty: nothing moves the data.",
        rule: `must be one of ${DATABASES.join(", ")}, and one that the system offers`,
        example: "postgres",
        default: "the document's: sqlite for project-manager",
    }).optional(),
    target: field(z.enum(["docker", "kubernetes"]), {
        meaning: "Where the stack runs.",
        rule: "must be one of docker, kubernetes",
        example: "docker",
    }).optional(),
    domain: field(z.string().max(253).regex(HOST_NAME).refine(isHostName), {
        meaning: "Host name that the platform is reached under. Some systems serve subdomains of it too.",
        rule: "must be a host name: labels of a-z, 0-9 and inner hyphens, joined by dots, at most 253 characters, not an address",
        example: "platform.example.com",
    }).optional(),
    edge: field(edge, {
        meaning: "Where the edge listens.",
        rule: "must be a map of address, httpPort, httpsPort, http3",
    }).optional(),
    tls: field(tls, { meaning: "The edge's certificate.", rule: "must be a map of mode, email, directory" }).optional(),
    images: field(images, {
        meaning: "Which images run.",
        rule: "must be a map of source, mirror, overrides",
    }).optional(),
    docker: field(docker, { meaning: "The Docker engine.", rule: "must be a map of host" }).optional(),
    kubernetes: kubernetesSchema.optional(),
    postgres: postgresSchema.optional(),
    services: servicesSchema.optional(),
    stores: storesSchema.optional(),
    volumes: field(
        z.record(
            z.string().regex(LABEL),
            field(volume, { meaning: "A volume of the system.", rule: "must be a map of sizeMiB" }),
        ),
        {
            meaning: "Volumes, by name.",
            rule: "must be a map from a volume's name to a map of sizeMiB",
            default: "the document's",
            keyName: "<volume>",
        },
    ).optional(),
    secrets: field(
        z.record(
            z.string().regex(SECRET_NAME),
            field(z.string().min(1).max(65_536), {
                meaning:
                    "Value of a secret. Set it with `pulumi config set --secret --path groundwork:secrets.<NAME>`, so that it is encrypted in " +
                    "the stack file. Those that the system can make itself are generated when they are not given.",
                rule: "must be text of 1 to 65536 characters, set with --secret; a number or a boolean is written in quotes",
                default: "generated, where the secret's shape allows it",
                secret: true,
            }),
        ),
        {
            meaning: "Secrets that are given, by the name of their environment variable.",
            rule: "must be a map from a secret's name, such as OPENAI_API_KEY, to its value",
            default: "none",
            secret: true,
            keyName: "<NAME>",
        },
    ).optional(),
    backup: backupSchema.optional(),
    objectives: field(
        z.partialRecord(
            z.enum(SCENARIOS),
            field(objective, {
                meaning: "A recovery objective.",
                rule: "must be a map of rtoSeconds, rpoSeconds",
            }),
        ),
        {
            meaning:
                "Recovery objectives that are stricter than the document's, by scenario. Drills say what they measured beside them.",
            rule: `must be a map from a scenario to its objectives; the scenarios are ${SCENARIOS.join(", ")}`,
            default: "the document's",
            keyName: "<scenario>",
        },
    ).optional(),
    protect: field(z.boolean(), {
        meaning: "Protects volumes and passwords from deletion, and keeps them when the stack is destroyed.",
        rule: "must be true or false",
        example: true,
    }).optional(),
});

/** What a stack file says, with the right types. Any of it may be absent: what was wrong is left out. */
export type ConfigInput = Partial<z.output<typeof configSchema>>;
