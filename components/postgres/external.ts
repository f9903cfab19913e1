import * as pulumi from "@pulumi/pulumi";

import type { Endpoint } from "../../systems/external";
import type { LogPolicy, PostgresStore } from "../../systems/types";
import type { Target } from "../../targets/target";
import { resourceOutputs } from "../outputs";
import { Problems } from "../problems";
import type { SecretText } from "../secret-text";
import type { JobSpec } from "../spec";
import { storeProcess } from "../store-server";
import { expectExtensions } from "./expect";
import { extensionsJob } from "./extensions";

export interface ExternalPostgresArgs extends Pick<
    PostgresStore,
    "user" | "database" | "extensions" | "tls" | "runAs"
> {
    endpoint: Endpoint;
    /** Password of the role. */
    password: SecretText;
    /** With `tls: verify-full`: PEM certificates of those who may vouch for the server. */
    authorities?: SecretText;
    /** What `Target.image` returned for an image with psql in it, which makes the extensions. Without extensions nothing runs. */
    image: pulumi.Input<string>;
    logs: LogPolicy;
    target: Target;
}

/** A Postgres that somebody else runs: nothing of it is made but the extensions in its database. */
export class ExternalPostgres extends pulumi.ComponentResource {
    /** There with its extensions: what migrations and services wait for. */
    readonly ready: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: ExternalPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:stores:ExternalPostgres", name, {}, opts);
        validate(args);
        this.ready =
            args.extensions.length > 0 ? args.target.job(extensionsSpec(args), { parent: this }).resources : [];
        this.registerOutputs({ ready: resourceOutputs(this.ready) });
    }
}

function extensionsSpec(args: ExternalPostgresArgs): JobSpec {
    const { host, port } = args.endpoint;
    const job = extensionsJob({ ...args, host, port }, storeProcess("postgres", args));
    // Another server, or another database on it, has none of them yet.
    const triggers = { server: `${host}:${port}/${args.database}`, extensions: args.extensions.join(",") };
    return { ...job, triggers, segments: ["egress"] };
}

function validate({ endpoint, extensions, tls, authorities }: ExternalPostgresArgs): void {
    const problems = new Problems()
        .expect(endpoint.host !== "", "endpoint.host", "must name the server")
        .expect(
            tls !== "verify-full" || authorities !== undefined,
            "authorities",
            "must be given with tls verify-full, which verifies the server by them",
        );
    expectExtensions(problems, extensions);
    problems.throwIfAny("ExternalPostgres");
}
