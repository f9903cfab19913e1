/** Broken configs of images. */
import { CANARY } from "../fixture";
import { type Broken, dev, prod } from "./case";

export const IMAGES: Broken[] = [
    dev("an unknown source", { images: { source: "build" } }, "images.source", "must be one of registry, local"),
    dev(
        "a mirror with a scheme",
        { images: { mirror: "https://mirror.example.com" } },
        "images.mirror",
        "without https://",
    ),
    dev(
        "a mirror that ends with a slash",
        { images: { mirror: "mirror.example.com/" } },
        "images.mirror",
        "without a slash at the end",
    ),
    dev(
        "a mirror with a port of six digits",
        { images: { mirror: "mirror.example.com:123456" } },
        "images.mirror",
        "must be a registry prefix",
    ),
    dev("a mirror that is no host", { images: { mirror: "mirror" } }, "images.mirror", "must be a registry prefix"),
    dev(
        "an image in capitals",
        { images: { overrides: { caddy: "Caddy:2" } } },
        "images.overrides.caddy",
        "must be an image reference",
        '"Caddy:2"',
    ),
    dev(
        "an image with a space",
        { images: { overrides: { caddy: "caddy 2" } } },
        "images.overrides.caddy",
        "must be an image reference",
    ),
    dev(
        "an empty image",
        { images: { overrides: { caddy: "" } } },
        "images.overrides.caddy",
        "must be an image reference",
    ),
    dev(
        "an image with a short digest",
        { images: { overrides: { caddy: "caddy@sha256:abcd" } } },
        "images.overrides.caddy",
        "must be an image reference",
    ),
    dev(
        "an image with a tag that is none",
        { images: { overrides: { caddy: "caddy:-x" } } },
        "images.overrides.caddy",
        "must be an image reference",
    ),
    dev(
        "an image of the catalog that the system has not",
        { images: { overrides: { cady: "caddy:2" } } },
        "images.overrides.cady",
        "is not an image of debt-os",
        "Did you mean caddy?",
    ),
    dev("a list of overrides", { images: { overrides: ["caddy:2"] } }, "images.overrides", "must be a map"),
    dev("a Docker host without a scheme", { docker: { host: "docker.example.com" } }, "docker.host", "must be unix://"),
    dev(
        "a Docker host over HTTP",
        { docker: { host: "http://docker.example.com:2375" } },
        "docker.host",
        "must be unix://",
    ),
    dev(
        "a Docker host over TCP without a port",
        { docker: { host: "tcp://docker.example.com" } },
        "docker.host",
        "tcp://host:port",
    ),
    dev(
        "a Docker host with a password",
        { docker: { host: `ssh://deploy:${CANARY}@docker.example.com` } },
        "docker.host",
        "without a password",
    ),
    dev("a relative socket", { docker: { host: "unix://docker.sock" } }, "docker.host", "must be unix:///path"),
    dev(
        "an unknown key of docker",
        { docker: { hots: "x" } },
        "docker.hots",
        "is not a known key",
        "Did you mean host?",
    ),
    prod(
        "backups, and a toolbox that nobody publishes",
        { images: {} },
        "images.overrides.backup",
        "is required in prod where backups are enabled, or images.mirror: nobody publishes the backup toolbox",
        "pulumi config set --path groundwork:images.overrides.backup registry.example.com/groundwork/backup:1.0.0",
    ),
];
