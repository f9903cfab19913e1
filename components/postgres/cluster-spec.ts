/** What a component says of a Postgres that an operator runs. Units as in `spec.ts`. */
import type * as pulumi from "@pulumi/pulumi";

import type { PostgresStore, Resources } from "../../systems/types";
import type { SecretText } from "../secret-text";
import type { WorkloadSpec } from "../spec";

export interface PostgresClusterSpec extends Pick<
    PostgresStore,
    "user" | "database" | "extensions" | "settings" | "shmMiB" | "stopGraceSeconds"
> {
    /** Name within the stack. */
    name: string;
    /** What it is, for labels and reports. */
    component: string;
    /** An image of the operator's, its tag beginning with the version of Postgres. */
    image: pulumi.Input<string>;
    /** Servers, the primary among them. */
    instances: number;
    /** Size of each server's volume. */
    sizeMiB: number;
    /** Protected and kept on delete outside of dev. */
    stateful: boolean;
    /** Password of the role that owns the database. A change of it takes hold in the server. */
    password: SecretText;
    /** Who comes over the network must encrypt. */
    requireTls: boolean;
    /** Limits and reservations of each server. */
    resources: Resources;
    logs: WorkloadSpec["logs"];
    /** How long one server may take to become ready. */
    waitSeconds: number;
}

/** What flows call the pods of such a Postgres, which have the operator's labels and not the stack's. */
export interface PostgresClusterNames {
    /** Its own name: all of them, and the jobs that make their data directories. */
    name: string;
    /** Those that follow the primary, whichever they are. */
    replicas: string;
}
