/** What a stack file may say of who runs the stores. */
import { z } from "zod";

import { cidrs, port } from "./field-makers";
import { field } from "./fields";
import { isHostName, isIpAddress, LABEL } from "./formats";

/** Any name of a role or database that needs no quotes, and the hyphens that managed stores put in. */
const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

const host = (of: string, example: string) =>
    field(
        z
            .string()
            .max(253)
            .refine((value) => isHostName(value) || isIpAddress(value)),
        {
            meaning: `Host name or address of the external ${of}, as the stack's containers reach it. Required with \`mode: external\`.`,
            rule: "must be a host name in lower case, or an address",
            example,
            default: "none",
        },
    ).optional();

const name = (meaning: string, example: string, whenAbsent: string) =>
    field(z.string().regex(DATABASE_NAME), {
        meaning,
        rule: "must be a name of 1 to 63 letters, digits, _ and -, not starting with a digit or a hyphen",
        example,
        default: whenAbsent,
    }).optional();

const addresses = (of: string) =>
    cidrs({
        meaning:
            `Where the external ${of} may be, as ranges of addresses: network policies let who uses it go there, to its port, and nowhere ` +
            "else. They know no names, so with `target: kubernetes` it is required where `host` is one; on Docker it has no meaning.",
        example: ["10.0.12.0/24"],
        whenAbsent: "the address itself, where `host` is one",
    });

const postgres = z.strictObject({
    mode: field(z.enum(["container", "operator", "external"]), {
        meaning:
            "Who runs Postgres. `container`: the stack, with a volume. `operator`: CloudNativePG for the stack, on Kubernetes where it is installed: it makes the " +
            "servers and their volumes, and another primary when one fails. `external`: somebody else, e.g. a cloud. The stack then makes no container and no " +
            "volume, sets no parameter, and backs it up as statements alone; the role's password is the secret `POSTGRES_PASSWORD`, which must be given.",
        rule: "must be one of container, operator, external",
        example: "external",
    }).optional(),
    instances: field(z.int().min(1).max(9), {
        meaning:
            "Servers of a Postgres with `mode: operator`, the primary among them. With more than one, another takes over when the primary fails, and " +
            "what may be a second behind is read from those at `DATABASE_REPLICA_URL`, where the system has that.",
        rule: "must be a whole number from 1 to 9",
        example: 3,
        default: "1, and one more for each read replica that the system's document asks for",
    }).optional(),
    apiServer: cidrs({
        meaning:
            "Where the cluster's API server may be, as ranges of addresses. Required with `mode: operator`: each server asks it what it is to be, and network " +
            "policies know no names. `kubectl get endpoints kubernetes` shows the addresses, `kubectl get service kubernetes` another one that some networks go by.",
        example: ["10.0.0.10/32"],
        whenAbsent: "none",
    }),
    operatorNamespace: field(z.string().regex(LABEL), {
        meaning: "Namespace that CloudNativePG itself runs in, with `mode: operator`.",
        rule: "must be a DNS label: a-z, 0-9 and inner hyphens, at most 63 characters",
        example: "cnpg-system",
    }).optional(),
    host: host("Postgres", "db.example.com"),
    port: port("Port of the external Postgres.", 5432),
    database: name(
        "Database on the external Postgres. It must be there, and belong to the role or let it make tables.",
        "debt_os",
        "the system's",
    ),
    user: name("Role that migrations and services log in as on the external Postgres.", "debt_os", "the system's"),
    tls: field(z.enum(["disable", "require", "verify-full"]), {
        meaning:
            "Encryption to the external Postgres, in libpq's words. `verify-full`: its certificate must be for `host` and vouched for by one of those " +
            "in the secret `POSTGRES_CA_CERTIFICATE`. `require`: encrypted, to whoever answers. `disable`: not where the system's document asks for TLS.",
        rule: "must be one of disable, require, verify-full",
        example: "verify-full",
    }).optional(),
    addresses: addresses("Postgres"),
});

const redis = z.strictObject({
    mode: field(z.enum(["container", "external"]), {
        meaning:
            "Who runs Redis. `container`: the stack, with a volume. `external`: somebody else. The stack then makes no container and no volume and sets no " +
            "parameter; the password is the secret `REDIS_PASSWORD`, which must be given.",
        rule: "must be one of container, external",
        example: "external",
    }).optional(),
    host: host("Redis", "cache.example.com"),
    port: port("Port of the external Redis.", 6379),
    user: name("User of the external Redis's access lists.", "debt-os", "Redis's own default user"),
    tls: field(z.boolean(), {
        meaning:
            "Whether services encrypt to the external Redis (`rediss://`). They verify its certificate against the authorities that their image knows.",
        rule: "must be true or false",
        example: true,
    }).optional(),
    addresses: addresses("Redis"),
});

const onlyHere = (title: string, mode: string, why: string) =>
    z.strictObject({
        mode: field(z.enum([mode]), {
            meaning: `${why} So there is nothing to choose.`,
            rule: `must be ${mode}: ${title} is always the stack's own`,
            example: mode,
            default: `\`${mode}\``,
        }).optional(),
    });

export const storesSchema = field(
    z.strictObject({
        postgres: field(postgres, {
            meaning: "Postgres.",
            rule: "must be a map of mode, instances, apiServer, operatorNamespace, host, port, database, user, tls, addresses",
        }).optional(),
        redis: field(redis, {
            meaning: "Redis.",
            rule: "must be a map of mode, host, port, user, tls, addresses",
        }).optional(),
        memgraph: field(
            onlyHere(
                "Memgraph",
                "container",
                "Memgraph runs in the stack, whose snapshots and log volume are its own.",
            ),
            {
                meaning: "Memgraph.",
                rule: "must be a map of mode",
            },
        ).optional(),
        sqlite: field(onlyHere("SQLite", "file", "SQLite is a file on the volume of the service that uses it."), {
            meaning: "SQLite.",
            rule: "must be a map of mode",
        }).optional(),
    }),
    { meaning: "Who runs the stores.", rule: "must be a map of postgres, redis, memgraph, sqlite" },
);
