/** Configs that must be refused: what is wrong, the config, the key that the message must name, and words of the rule. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { CANARY, DEV, PROD, type Values } from "./fixture";

interface Broken {
    what: string;
    values: Values;
    key: string;
    rule: string;
    /** Also expected in the message: a suggestion, a value, a command. */
    also?: string[];
}

const TLS = join(__dirname, "../../fixtures/tls");
export const pem = (name: string) => readFileSync(join(TLS, name), "utf8");

const KEY = Buffer.alloc(32, 7).toString("base64");

function dev(what: string, said: Values, key: string, rule: string, ...also: string[]): Broken {
    return { what, values: { ...DEV, ...said }, key: `groundwork:${key}`, rule, also };
}

function prod(what: string, said: Values, key: string, rule: string, ...also: string[]): Broken {
    return { what, values: { ...PROD, ...said }, key: `groundwork:${key}`, rule, also };
}

const api = (said: unknown) => ({ services: { api: said } });
const resources = (said: Values) => api({ resources: said });
const env = (said: Values) => api({ env: said });
const secrets = (said: Values) => ({ secrets: said });
const tls = (said: Values, cert: Values = {}) => ({ tls: said, secrets: { ...(PROD.secrets as Values), ...cert } });
const without = (values: Values, key: string) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));

const TOP: Broken[] = [
    { what: "no system", values: { environment: "dev" }, key: "groundwork:system", rule: "is required" },
    { what: "no environment", values: { system: "debt-os" }, key: "groundwork:environment", rule: "is required" },
    { what: "nothing at all", values: {}, key: "groundwork:system", rule: "must be one of opencode" },
    dev(
        "an unknown system",
        { system: "debtos" },
        "system",
        "must be one of",
        'groundwork:system = "debtos"',
        "Did you mean debt-os?",
    ),
    dev("an empty system", { system: "" }, "system", "must be one of"),
    dev("a prototype's name as system", { system: "constructor" }, "system", "must be one of"),
    dev("an unknown environment", { environment: "qa" }, "environment", "must be one of dev, staging, prod"),
    dev("an environment written out", { environment: "production" }, "environment", "must be one of", "mean prod?"),
    dev("dev written out", { environment: "development" }, "environment", "must be one of", "mean dev?"),
    dev("an environment in capitals", { environment: "PROD" }, "environment", "must be one of", "Did you mean prod?"),
    dev("an unknown target", { target: "podman" }, "target", "must be one of docker, kubernetes"),
    dev("a target cut short", { target: "kube" }, "target", "must be one of", "Did you mean kubernetes?"),
    dev(
        "an unknown database",
        { database: "postgresql" },
        "database",
        "must be one of sqlite",
        "Did you mean postgres?",
    ),
    dev("protect as a word", { protect: "yes" }, "protect", "must be true or false", '"yes"'),
    dev("protect in capitals", { protect: "TRUE" }, "protect", "must be true or false"),
    dev("an unknown key", { sytem: "x" }, "sytem", "is not a known key", "Did you mean system?"),
    dev("a key cut short", { env: "dev" }, "env", "is not a known key", "Did you mean environment?"),
    dev("a key in snake case", { back_up: "{}" }, "back_up", "is not a known key", "Did you mean backup?"),
    dev("a key that is like nothing", { zzzzzz: "1" }, "zzzzzz", "is not a known key", "Known: system, environment"),
    dev("a prototype's name as key", { toString: "1" }, "toString", "is not a known key"),
    dev("a dotted key without --path", { "edge.httpPort": "1" }, "edge.httpPort", "needs --path"),
    dev("a bracketed key without --path", { 'services["api"]': "1" }, 'services["api"]', "needs --path"),
    dev("a key of capitals", { Domain: "a.example.com" }, "Domain", "is not a known key", "Did you mean domain?"),
];

const DOMAIN: Broken[] = [
    {
        what: "no domain in prod",
        values: without(PROD, "domain"),
        key: "groundwork:domain",
        rule: "is required in prod",
    },
    {
        what: "no domain in staging",
        values: { ...without(PROD, "domain"), environment: "staging" },
        key: "groundwork:domain",
        rule: "is required in staging",
    },
    {
        what: "no TLS mode in prod",
        values: without(PROD, "tls"),
        key: "groundwork:tls.mode",
        rule: "is required in prod",
    },
    dev("a URL as domain", { domain: "https://a.example.com" }, "domain", "must be a host name"),
    dev("a domain with a port", { domain: "a.example.com:8443" }, "domain", "must be a host name"),
    dev("a domain in capitals", { domain: "A.example.com" }, "domain", "must be a host name"),
    dev("a domain with an underscore", { domain: "a_b.example.com" }, "domain", "must be a host name"),
    dev("a domain that ends with a dot", { domain: "a.example.com." }, "domain", "must be a host name"),
    dev("a domain that starts with a hyphen", { domain: "-a.example.com" }, "domain", "must be a host name"),
    dev("an address as domain", { domain: "192.0.2.1" }, "domain", "not an address", '"192.0.2.1"'),
    dev("an empty domain", { domain: "" }, "domain", "must be a host name"),
    dev("a label of 64 characters", { domain: `${"a".repeat(64)}.example.com` }, "domain", "must be a host name"),
    dev("a domain of 254 characters", { domain: `${"a.".repeat(126)}ab` }, "domain", "at most 253 characters"),
    dev(
        "a domain with no room for subdomains",
        { domain: `${"a.".repeat(125)}ab` },
        "domain",
        "leave room for the system's subdomains",
    ),
    dev("a wildcard as domain", { domain: "*.example.com" }, "domain", "must be a host name"),
    dev("an escape sequence as domain", { domain: "\u001b[31mred" }, "domain", "must be a host name", "\\u001b"),
];

const EDGE: Broken[] = [
    dev("text as edge", { edge: "8080" }, "edge", "must be a map of address"),
    dev("broken JSON as edge", { edge: `{"httpPort": ${CANARY}` }, "edge", "must be a map"),
    dev("a list as edge", { edge: ["8080"] }, "edge", "must be a map of address", "a list"),
    dev("null as edge", { edge: "null" }, "edge", "must be a map of address"),
    dev("port 0", { edge: { httpPort: 0 } }, "edge.httpPort", "from 1 to 65535", "groundwork:edge.httpPort = 0"),
    dev("port 65536", { edge: { httpsPort: 65536 } }, "edge.httpsPort", "from 1 to 65535"),
    dev("a negative port", { edge: { httpPort: -1 } }, "edge.httpPort", "from 1 to 65535"),
    dev("a port with a fraction", { edge: { httpPort: 80.5 } }, "edge.httpPort", "a whole number"),
    dev("a port in quotes", { edge: { httpPort: "8080" } }, "edge.httpPort", "take the quotes off"),
    dev("null as port", { edge: { httpPort: null } }, "edge.httpPort", "must be a port", "null"),
    dev(
        "one port for both",
        { edge: { httpPort: 9000, httpsPort: 9000 } },
        "edge.httpsPort",
        "must not be the port of edge.httpPort",
    ),
    dev(
        "a port that is the other's default",
        { edge: { httpPort: 8490 } },
        "edge.httpPort",
        "must not be the port of edge.httpsPort",
    ),
    dev(
        "a host name as address",
        { edge: { address: "localhost" } },
        "edge.address",
        "must be an IPv4 or IPv6 address",
    ),
    dev(
        "an address of five parts",
        { edge: { address: "1.2.3.4.5" } },
        "edge.address",
        "must be an IPv4 or IPv6 address",
    ),
    dev(
        "an address with a zone",
        { edge: { address: "fe80::1%eth0" } },
        "edge.address",
        "must be an IPv4 or IPv6 address",
    ),
    dev(
        "an unknown key of edge",
        { edge: { htpPort: 80 } },
        "edge.htpPort",
        "is not a known key",
        "Did you mean httpPort?",
    ),
];

const CERTIFICATE: Broken[] = [
    prod("an unknown TLS mode", tls({ mode: "letsencrypt" }), "tls.mode", "must be one of internal, acme, certificate"),
    prod("ACME without e-mail", tls({ mode: "acme" }), "tls.email", "is required with tls.mode acme"),
    prod(
        "an e-mail without a domain",
        tls({ mode: "acme", email: "me@localhost" }),
        "tls.email",
        "must be an e-mail address",
    ),
    prod(
        "an ACME directory over HTTP",
        tls({ mode: "acme", email: "a@example.com", directory: "http://ca.example.com" }),
        "tls.directory",
        "https://",
    ),
    prod(
        "an ACME directory with a password",
        tls({ mode: "acme", email: "a@example.com", directory: `https://a:${CANARY}@ca.example.com` }),
        "tls.directory",
        "without user name or password",
    ),
    prod("ACME on another HTTP port", { edge: { httpPort: 8080 } }, "edge.httpPort", "must be 80 with tls.mode acme"),
    prod(
        "ACME on another HTTPS port",
        { edge: { httpsPort: 8443 } },
        "edge.httpsPort",
        "must be 443 with tls.mode acme",
    ),
    prod("ACME on loopback", { edge: { address: "127.0.0.1" } }, "edge.address", "must not be a loopback address"),
    prod("ACME on IPv6 loopback", { edge: { address: "::1" } }, "edge.address", "must not be a loopback address"),
    prod("ACME for one label", { domain: "platform" }, "domain", "must be a public domain"),
    prod("ACME for .internal", { domain: "a.corp.internal" }, "domain", "must be a public domain"),
    prod("ACME for .localhost", { domain: "debt-os.localhost" }, "domain", "must be a public domain"),
    prod("ACME for home.arpa", { domain: "nas.home.arpa" }, "domain", "must be a public domain"),
    dev("ACME with dev's defaults", { tls: { mode: "acme", email: "a@example.com" } }, "edge.httpPort", "must be 80"),
    dev(
        "an e-mail without ACME",
        { tls: { email: "a@example.com" } },
        "tls.email",
        "has no meaning with tls.mode internal",
    ),
    prod(
        "a certificate that is not given",
        tls({ mode: "certificate" }),
        "secrets.TLS_CERTIFICATE",
        "is required with tls.mode certificate",
    ),
    prod(
        "a key that is not given",
        tls({ mode: "certificate" }, { TLS_CERTIFICATE: pem("fullchain.pem") }),
        "secrets.TLS_PRIVATE_KEY",
        "is required with tls.mode certificate",
    ),
    prod(
        "a certificate that is none",
        tls({ mode: "certificate" }, { TLS_CERTIFICATE: CANARY, TLS_PRIVATE_KEY: pem("privkey.pem") }),
        "secrets.TLS_CERTIFICATE",
        "must be a certificate",
    ),
    prod(
        "a key that is none",
        tls(
            { mode: "certificate" },
            { TLS_CERTIFICATE: pem("fullchain.pem"), TLS_PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\n${CANARY}` },
        ),
        "secrets.TLS_PRIVATE_KEY",
        "must be a private key",
    ),
    prod(
        "the key of another certificate",
        tls(
            { mode: "certificate" },
            { TLS_CERTIFICATE: pem("fullchain.pem"), TLS_PRIVATE_KEY: pem("other-privkey.pem") },
        ),
        "secrets.TLS_PRIVATE_KEY",
        "must be the key of TLS_CERTIFICATE",
    ),
    {
        ...prod(
            "a certificate for another host",
            tls(
                { mode: "certificate" },
                { TLS_CERTIFICATE: pem("fullchain.pem"), TLS_PRIVATE_KEY: pem("privkey.pem") },
            ),
            "secrets.TLS_CERTIFICATE",
            "must be issued for every host name",
        ),
        values: {
            ...PROD,
            domain: "other.example.com",
            ...tls(
                { mode: "certificate" },
                { TLS_CERTIFICATE: pem("fullchain.pem"), TLS_PRIVATE_KEY: pem("privkey.pem") },
            ),
        },
    },
];

const IMAGES: Broken[] = [
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
        "a range without a number of bits",
        { kubernetes: { privateRanges: ["10.0.0.0"] } },
        "kubernetes.privateRanges[0]",
        "must be a CIDR",
    ),
    dev(
        "an unknown kind of Service",
        { kubernetes: { edge: { service: "Loadbalancer" } } },
        "kubernetes.edge.service",
        "Did you mean LoadBalancer?",
    ),
    dev(
        "a namespace that is no DNS label",
        { kubernetes: { namespace: "Debt_OS" } },
        "kubernetes.namespace",
        "must be a DNS label",
    ),
    dev(
        "a node port as text",
        { kubernetes: { edge: { httpsNodePort: "30443" } } },
        "kubernetes.edge.httpsNodePort",
        "take the quotes off",
    ),
    dev(
        "an unknown key of docker",
        { docker: { hots: "x" } },
        "docker.hots",
        "is not a known key",
        "Did you mean host?",
    ),
];

const SERVICES: Broken[] = [
    dev("a list of services", { services: [{ name: "api" }] }, "services", "must be a map"),
    dev(
        "an unknown service",
        { services: { apii: {} } },
        "services.apii",
        "is not a service or store of debt-os",
        "Did you mean api?",
        "Known: api, files, reader, postgres, redis, memgraph, caddy.",
    ),
    dev("SQLite, which has no container", { services: { sqlite: {} } }, "services.sqlite", "is not a service or store"),
    dev("a service's name in capitals", { services: { API: {} } }, "services.API", "the name is not valid"),
    dev(
        "a prototype as service",
        { services: { constructor: {} } },
        "services.constructor",
        "is not a service or store",
    ),
    dev(
        "__proto__ as service",
        { services: '{"__proto__": {"replicas": 2}}' },
        "services.__proto__",
        "is not a name that can be used",
    ),
    dev("text as a service", api("2"), "services.api", "must be a map of replicas"),
    dev(
        "an unknown key of a service",
        api({ replica: 2 }),
        "services.api.replica",
        "is not a known key",
        "Did you mean replicas?",
    ),
    dev("no replicas", api({ replicas: 0 }), "services.api.replicas", "from 1 to 100"),
    dev("one replica and a half", api({ replicas: 1.5 }), "services.api.replicas", "a whole number"),
    dev("replicas in quotes", api({ replicas: "2" }), "services.api.replicas", "take the quotes off"),
    dev(
        "more replicas than the document allows",
        api({ replicas: 5 }),
        "services.api.replicas",
        "must be at most 4",
        "pulumi config set --path groundwork:services.api.replicas 4",
    ),
    dev(
        "replicas on a volume of one writer",
        { services: { files: { replicas: 2 } } },
        "services.files.replicas",
        "must be 1: the volume files",
    ),
    dev(
        "replicas of a store",
        { services: { postgres: { replicas: 2 } } },
        "services.postgres.replicas",
        "only resources can",
    ),
    dev(
        "variables of a store",
        { services: { redis: { env: { A: "b" } } } },
        "services.redis.env",
        "only resources can",
    ),
    dev(
        "a command of the edge",
        { services: { caddy: { command: ["x"] } } },
        "services.caddy.command",
        "only resources can",
    ),
    dev("an empty command", api({ command: [] }), "services.api.command", "a list of 1 to 64 words"),
    dev("a command as one text", api({ command: "node main.js" }), "services.api.command", "must be a list"),
    dev(
        "a number in a command",
        api({ command: ["node", 1] }),
        "services.api.command[1]",
        "must be a word of the command",
    ),
    dev(
        "export without a command",
        api({ secretDelivery: "export" }),
        "services.api.command",
        "is required with secretDelivery export",
    ),
    dev(
        "an unknown delivery",
        api({ secretDelivery: "env" }),
        "services.api.secretDelivery",
        "must be one of file, export",
    ),
];

const RESOURCES: Broken[] = [
    dev("no memory", resources({ memoryLimitMiB: 0 }), "services.api.resources.memoryLimitMiB", "from 16 to 4194304"),
    dev(
        "memory in Docker's spelling",
        resources({ memoryLimitMiB: "512m" }),
        "services.api.resources.memoryLimitMiB",
        "a whole number of MiB",
        '"512m"',
    ),
    dev(
        "memory in quotes",
        resources({ memoryLimitMiB: "512" }),
        "services.api.resources.memoryLimitMiB",
        "take the quotes off",
    ),
    dev(
        "memory of 5 TiB",
        resources({ memoryLimitMiB: 5 * 1024 * 1024 }),
        "services.api.resources.memoryLimitMiB",
        "from 16 to 4194304",
    ),
    dev(
        "a misspelt limit",
        resources({ memoryLimitMB: 512 }),
        "services.api.resources.memoryLimitMB",
        "is not a known key",
        "Did you mean memoryLimitMiB?",
    ),
    dev("no cpu", resources({ cpuLimit: 0 }), "services.api.resources.cpuLimit", "from 0.01 to 1024"),
    dev(
        "cpu in Kubernetes's spelling",
        resources({ cpuLimit: "500m" }),
        "services.api.resources.cpuLimit",
        "a number of cores",
    ),
    dev(
        "cpu as true",
        resources({ cpuReservation: true }),
        "services.api.resources.cpuReservation",
        "a number of cores",
    ),
    dev(
        "a reservation above its limit",
        resources({ memoryLimitMiB: 512, memoryReservationMiB: 1024 }),
        "services.api.resources.memoryReservationMiB",
        "must not be above memoryLimitMiB (512 MiB)",
    ),
    dev(
        "a reservation above the default limit",
        resources({ cpuReservation: 2 }),
        "services.api.resources.cpuReservation",
        "must not be above cpuLimit (1 cores, the default in dev)",
    ),
    dev(
        "a limit below the default reservation",
        resources({ memoryLimitMiB: 128 }),
        "services.api.resources.memoryLimitMiB",
        "must not be below memoryReservationMiB (256 MiB, the default in dev)",
    ),
    dev(
        "Redis's limit at its maxmemory",
        { services: { redis: { resources: { memoryLimitMiB: 512 } } } },
        "services.redis.resources.memoryLimitMiB",
        "must be above 512 MiB",
        "maxmemory",
    ),
    dev(
        "Memgraph's limit below its own",
        { services: { memgraph: { resources: { memoryLimitMiB: 300 } } } },
        "services.memgraph.resources.memoryLimitMiB",
        "must be above 384 MiB",
    ),
    dev(
        "Postgres's limit at its buffers",
        { services: { postgres: { resources: { memoryLimitMiB: 256 } } } },
        "services.postgres.resources.memoryLimitMiB",
        "must be above 256 MiB",
        "shared_buffers",
    ),
    dev(
        "a limit of the edge below its reservation",
        { services: { caddy: { resources: { memoryLimitMiB: 64 } } } },
        "services.caddy.resources.memoryLimitMiB",
        "must not be below",
    ),
];

const ENV: Broken[] = [
    dev("a list of variables", api({ env: ["A=b"] }), "services.api.env", "must be a map from a variable's name"),
    dev("a variable's name with a space", env({ "A B": "c" }), 'services.api.env["A B"]', "the name is not valid"),
    dev(
        "a variable's name that starts with a digit",
        env({ "1A": "c" }),
        'services.api.env["1A"]',
        "the name is not valid",
    ),
    dev("a variable's name with =", env({ "A=B": "c" }), 'services.api.env["A=B"]', "the name is not valid"),
    dev("an empty variable's name", env({ "": "c" }), 'services.api.env[""]', "the name is not valid"),
    dev("a map as a variable", env({ A: { b: 1 } }), "services.api.env.A", "must be text"),
    dev("a fraction as a variable", env({ VERSION: 1.1 }), "services.api.env.VERSION", "write a fraction in quotes"),
    dev("null as a variable", env({ A: null }), "services.api.env.A", "must be text"),
    dev("a NUL in a variable", env({ A: "a\0b" }), "services.api.env.A", "must not hold a NUL character"),
    dev(
        "a secret as a plain variable",
        env({ SIGNING_KEY: CANARY }),
        "services.api.env.SIGNING_KEY",
        "must not be a plain variable",
        "pulumi config set --secret --path groundwork:secrets.SIGNING_KEY",
    ),
    dev(
        "a variable that names a secret's file",
        env({ JWT_SECRET_FILE: "/x" }),
        "services.api.env.JWT_SECRET_FILE",
        "is set by Groundwork",
    ),
];

const VOLUMES: Broken[] = [
    dev(
        "an unknown volume",
        { volumes: { "postgres-dat": { sizeMiB: 100 } } },
        "volumes.postgres-dat",
        "is not a volume of debt-os",
        "Did you mean postgres-data?",
    ),
    dev("a volume of 63 MiB", { volumes: { files: { sizeMiB: 63 } } }, "volumes.files.sizeMiB", "from 64"),
    dev(
        "a volume in Kubernetes's spelling",
        { volumes: { files: { sizeMiB: "10Gi" } } },
        "volumes.files.sizeMiB",
        "a whole number of MiB",
        '"10Gi"',
    ),
    dev(
        "an unknown key of a volume",
        { volumes: { files: { size: 100 } } },
        "volumes.files.size",
        "is not a known key",
        "Did you mean sizeMiB?",
    ),
    dev("a number as a volume", { volumes: { files: 100 } }, "volumes.files", "must be a map of sizeMiB"),
    dev(
        "an unknown time zone",
        { backup: { timeZone: "Europe/Berln" } },
        "backup.timeZone",
        "must be a time zone",
        '"Europe/Berln"',
    ),
    dev("a time zone in small letters", { backup: { timeZone: "europe/berlin" } }, "backup.timeZone", "spelt as there"),
    dev("an offset as time zone", { backup: { timeZone: "+02:00" } }, "backup.timeZone", "must be a time zone"),
    dev("backups as a word", { backup: { enabled: "true" } }, "backup.enabled", "take the quotes off"),
    dev(
        "an unknown scenario",
        { objectives: { "service-crsh": {} } },
        "objectives.service-crsh",
        "is not a known key",
        "Did you mean service-crash?",
    ),
    dev(
        "an objective that is looser than the document's",
        { objectives: { "service-crash": { rtoSeconds: 301 } } },
        "objectives.service-crash.rtoSeconds",
        "must not be above 300",
    ),
    dev(
        "an objective that may lose more",
        { objectives: { "service-crash": { rpoSeconds: 1 } } },
        "objectives.service-crash.rpoSeconds",
        "must not be above 0",
    ),
    dev(
        "a negative objective",
        { objectives: { "service-crash": { rtoSeconds: -1 } } },
        "objectives.service-crash.rtoSeconds",
        "from 0",
    ),
    dev(
        "an unknown key of an objective",
        { objectives: { "service-crash": { rto: 1 } } },
        "objectives.service-crash.rto",
        "is not a known key",
        "Did you mean rtoSeconds?",
    ),
];

const SECRETS: Broken[] = [
    dev("text as secrets", { secrets: CANARY }, "secrets", "must be a map"),
    dev("a list of secrets", { secrets: [CANARY] }, "secrets", "must be a map from a secret's name"),
    dev(
        "an unknown secret",
        secrets({ API_KEYS: CANARY }),
        "secrets.API_KEYS",
        "is not a secret of debt-os",
        "Did you mean API_KEY?",
    ),
    dev(
        "a secret's name in small letters",
        secrets({ apikey: CANARY }),
        "secrets.<name not shown>",
        "the name is not valid",
    ),
    dev(
        "name and value swapped",
        secrets({ [`sk-${CANARY}`]: "API_KEY" }),
        "secrets.<name not shown>",
        "the name is not valid",
    ),
    dev("a number as a secret", secrets({ API_KEY: 12345 }), "secrets.API_KEY", "written in quotes"),
    dev("an empty secret", secrets({ API_KEY: "" }), "secrets.API_KEY", "text of 1 to 65536 characters"),
    dev("a map as a secret", secrets({ API_KEY: { secure: CANARY } }), "secrets.API_KEY", "must be text"),
    dev("a secret with a line break at its end", secrets({ API_KEY: `${CANARY}\n` }), "secrets.API_KEY", "white space"),
    dev(
        "a secret with a control character",
        secrets({ API_KEY: `${CANARY}\u0007x` }),
        "secrets.API_KEY",
        "control characters",
    ),
    dev("the document's example", secrets({ API_KEY: "sk-..." }), "secrets.API_KEY", "is the document's example"),
    dev(
        "a placeholder in brackets",
        secrets({ CHAT_TOKEN: "<your-token>" }),
        "secrets.CHAT_TOKEN",
        "is the document's example",
    ),
    dev(
        "a key of 31 bytes",
        secrets({ SIGNING_KEY: Buffer.alloc(31, 7).toString("base64") }),
        "secrets.SIGNING_KEY",
        "exactly 32 bytes",
        "openssl rand -base64 32",
    ),
    dev(
        "a key of 33 bytes",
        secrets({ SIGNING_KEY: Buffer.alloc(33, 7).toString("base64") }),
        "secrets.SIGNING_KEY",
        "exactly 32 bytes",
    ),
    dev(
        "a key in hexadecimal",
        secrets({ SIGNING_KEY: Buffer.alloc(32, 7).toString("hex") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a key in URL-safe base64",
        secrets({ SIGNING_KEY: Buffer.alloc(32, 255).toString("base64url") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a key without padding",
        secrets({ SIGNING_KEY: KEY.replace(/=+$/, "") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a password that is too short",
        secrets({ JWT_SECRET: "a".repeat(63) }),
        "secrets.JWT_SECRET",
        "at least 64 characters",
    ),
    dev(
        "a password with other characters",
        secrets({ JWT_SECRET: `${"a".repeat(63)}!` }),
        "secrets.JWT_SECRET",
        "A-Z, a-z and 0-9",
    ),
    prod(
        "a secret that nobody else has",
        { secrets: { API_KEY: CANARY } },
        "secrets.CHAT_TOKEN",
        "is required in prod: nobody but you has it",
    ),
    prod(
        "neither of two secrets",
        { secrets: { CHAT_TOKEN: CANARY } },
        "secrets.API_KEY",
        "is required in prod, or OTHER_KEY instead",
    ),
    {
        ...prod("no secrets in staging", {}, "secrets.API_KEY", "is required in staging"),
        values: { ...without(PROD, "secrets"), environment: "staging" },
    },
];

export const BROKEN: Broken[] = [
    ...TOP,
    ...DOMAIN,
    ...EDGE,
    ...CERTIFICATE,
    ...IMAGES,
    ...SERVICES,
    ...RESOURCES,
    ...ENV,
    ...VOLUMES,
    ...SECRETS,
];
