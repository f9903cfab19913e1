/** Postgres that CloudNativePG runs: the system's database on servers that the operator keeps, with its own names, images and volumes. */
import { type Operator, type PostgresStore, REPLICA, REPLICATION_PASSWORD } from "./stores";
import { type Environment, inEnvironment, type PerEnvironment, type System } from "./types";

export interface OperatorPostgres {
    mode: "operator";
    /** Servers, the primary among them. Absent: one, and one more for each read replica that the system's document asks for. */
    instances?: number;
    /** CIDRs of the cluster's API server, which every server asks what it is to be. */
    apiServer: string[];
    /** Where the operator runs. */
    operatorNamespace: string;
}

/** The operator's images of the same major version, with the extensions that the document's image has, by keys of `images/catalog.ts`. */
const IMAGES: Record<string, string> = {
    "postgres-15": "cloudnative-pg-15",
    "postgres-pgvector": "cloudnative-pg-16",
};

/**
 * The system as it is with its Postgres run by the operator. A replica is another server of the same cluster, so that its own volume and
 * the password that it would log in with are gone: the operator's servers know each other by certificates.
 */
export function withOperator(system: System, postgres: PostgresStore, choice: OperatorPostgres): System {
    const { replicaVolume, readReplicas, ...store } = postgres;
    const operator: Operator = {
        instances: choice.instances === undefined ? oneMore(readReplicas) : { default: choice.instances },
        apiServer: choice.apiServer,
        namespace: choice.operatorNamespace,
    };
    return {
        ...system,
        stores: {
            ...system.stores,
            postgres: { ...store, operator, image: imageOf(postgres), readReplicas: { default: 0 } },
        },
        volumes: system.volumes.filter(({ name }) => name !== replicaVolume),
        secrets: system.secrets.filter(({ name }) => name !== REPLICATION_PASSWORD),
    };
}

/** Key in the catalog of the image that the operator runs in the place of the document's. */
function imageOf({ image }: PostgresStore): string {
    const operated = IMAGES[image];
    if (operated === undefined) throw new Error(`CloudNativePG has no image in the place of "${image}".`);
    return operated;
}

function oneMore(replicas: PerEnvironment<number>): PerEnvironment<number> {
    const { default: usual, ...others } = replicas;
    const more = Object.entries(others).map(([environment, count]) => [environment, count + 1]);
    return { default: usual + 1, ...Object.fromEntries(more) };
}

/** Where the stack's own Postgres, or a read replica of it, answers: the operator's Services have names of its making. */
export function postgresHost({ operator }: PostgresStore, name: string = "postgres"): string {
    if (operator === undefined) return name;
    return name === REPLICA ? "postgres-ro" : "postgres-rw";
}

/** Servers of a Postgres that the operator runs; none of another one. */
export function operatedInstances({ operator }: PostgresStore, environment: Environment): number {
    return operator === undefined ? 0 : inEnvironment(operator.instances, environment);
}
