/** Broken configs of a Postgres that CloudNativePG runs. */
import { CANARY, type Values } from "../fixture";
import { type Broken, dev } from "./case";

const API_SERVER = ["10.0.0.10/32"];

/** With Postgres run by CloudNativePG, complete but for what a case changes. */
function operated(changes: Values = {}, more: Values = {}): Values {
    return {
        target: "kubernetes",
        stores: { postgres: { mode: "operator", apiServer: API_SERVER, ...changes } },
        ...more,
    };
}

export const OPERATED: Broken[] = [
    dev(
        "an operator of Kubernetes on Docker",
        operated({}, { target: "docker" }),
        "stores.postgres.mode",
        "must be container or external with target docker",
        "pulumi config set groundwork:target kubernetes",
    ),
    dev(
        "an operated Postgres whose servers may ask no API server",
        { target: "kubernetes", stores: { postgres: { mode: "operator" } } },
        "stores.postgres.apiServer",
        "is required with stores.postgres.mode operator",
        "pulumi config set --path 'groundwork:stores.postgres.apiServer[0]' 10.0.0.10/32",
    ),
    ...(["host", "user", "database", "tls"] as const).map((key) =>
        dev(
            `the ${key} of a Postgres elsewhere, where an operator runs it`,
            operated({ [key]: key === "tls" ? "require" : "other" }),
            `stores.postgres.${key}`,
            "has no meaning unless stores.postgres.mode is external",
            `pulumi config rm --path groundwork:stores.postgres.${key}`,
        ),
    ),
    dev(
        "the port of a Postgres elsewhere, where an operator runs it",
        operated({ port: 6543 }),
        "stores.postgres.port",
        "has no meaning unless stores.postgres.mode is external",
    ),
    dev(
        "the addresses of a Postgres elsewhere, where an operator runs it",
        operated({ addresses: ["10.0.12.0/24"] }),
        "stores.postgres.addresses",
        "has no meaning unless stores.postgres.mode is external",
    ),
    dev(
        "servers of a Postgres that is one container",
        { target: "kubernetes", stores: { postgres: { instances: 3 } } },
        "stores.postgres.instances",
        "has no meaning unless stores.postgres.mode is operator",
        "pulumi config set --path groundwork:stores.postgres.mode operator",
    ),
    dev(
        "an API server that nobody asks",
        { target: "kubernetes", stores: { postgres: { apiServer: API_SERVER } } },
        "stores.postgres.apiServer",
        "has no meaning unless stores.postgres.mode is operator",
    ),
    dev(
        "an operator's namespace for a Postgres that somebody else runs",
        {
            stores: { postgres: { mode: "external", host: "192.0.2.7", tls: "require", operatorNamespace: "cnpg" } },
            secrets: { POSTGRES_PASSWORD: `${CANARY}-postgres` },
        },
        "stores.postgres.operatorNamespace",
        "has no meaning unless stores.postgres.mode is operator",
        "pulumi config rm --path groundwork:stores.postgres.operatorNamespace",
    ),
    dev(
        "no server at all",
        operated({ instances: 0 }),
        "stores.postgres.instances",
        "must be a whole number from 1 to 9",
    ),
    dev(
        "an API server by name",
        operated({ apiServer: ["kubernetes.default.svc"] }),
        "stores.postgres.apiServer[0]",
        "must be a CIDR",
    ),
    dev(
        "an operator's namespace that can be none",
        operated({ operatorNamespace: "CNPG" }),
        "stores.postgres.operatorNamespace",
        "must be a DNS label",
    ),
    dev(
        "a read replica beside servers that follow the primary anyway",
        operated({}, { postgres: { readReplicas: 1 } }),
        "postgres.readReplicas",
        "has no meaning with stores.postgres.mode operator",
        "pulumi config set --path groundwork:stores.postgres.instances 2",
    ),
    dev(
        "a volume that is to be the primary's, where the operator makes them",
        operated({}, { postgres: { primaryVolume: "postgres-data" } }),
        "postgres.primaryVolume",
        "has no meaning with stores.postgres.mode operator",
        "pulumi config rm --path groundwork:postgres.primaryVolume",
    ),
    dev(
        "stand-ins, of which there is none for the operator's image",
        operated({}, { images: { source: "local" } }),
        "images.overrides.cloudnative-pg-15",
        "there is no stand-in of CloudNativePG's images",
        "pulumi config set --path groundwork:images.overrides.cloudnative-pg-15",
    ),
    ...["registry.example.com/postgresql:latest", `registry.example.com/postgresql@sha256:${"0".repeat(64)}`].map(
        (image) =>
            dev(
                `an operator's image whose version nobody can tell, ${image.slice(31, 40)}`,
                operated({}, { images: { overrides: { "cloudnative-pg-15": image } } }),
                "images.overrides.cloudnative-pg-15",
                "must have a tag that begins with the version of Postgres",
            ),
    ),
    dev(
        "the document's image of Postgres, which the operator does not run",
        operated({}, { images: { overrides: { "postgres-15": "postgres:15.3" } } }),
        "images.overrides.postgres-15",
        "is not an image of debt-os",
    ),
];
