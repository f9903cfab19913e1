import * as pulumi from "@pulumi/pulumi";

import type { LogPolicy, Migration, Resources } from "../systems/types";
import type { Target } from "../targets/target";
import { resourceOutputs } from "./outputs";
import { Problems } from "./problems";
import type { SecretText } from "./secret-text";
import { processSpec } from "./service";
import type { ServiceSettings } from "./settings/service";
import type { JobSpec, VolumeHandle } from "./spec";

/**
 * Limits of a one-off command. The documents are silent; its own figures rather than the service's, so that a change of the service's limit
 * changes nothing but the service.
 */
const MIGRATION_RESOURCES: Resources = {
    cpuLimit: 1,
    cpuReservation: 0.1,
    memoryLimitMiB: 1024,
    memoryReservationMiB: 128,
};

/** A migration and the service in whose image it runs. */
export interface MigrationStep {
    migration: Migration;
    settings: ServiceSettings;
    image: pulumi.Input<string>;
    secrets: Record<string, SecretText>;
    volumes: Record<string, VolumeHandle>;
}

export interface MigrationsArgs {
    /** One after the other, in this order. */
    steps: MigrationStep[];
    logs: LogPolicy;
    target: Target;
    /** The stores: healthy before the first step. */
    after: pulumi.Resource[];
}

/**
 * One-off commands that run before the services of a release: when the image or the command is another one, and also
 * when their variables or secrets are, which may lead to another database. So a command must be able to run again and
 * then do nothing, as migration tools do. A step that fails fails the update, and runs again with the next one.
 */
export class Migrations extends pulumi.ComponentResource {
    /** What services wait for. */
    readonly done: pulumi.Resource[];

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: MigrationsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:services:Migrations", name, {}, opts);
        validate(args);
        this.done = args.steps.reduce<pulumi.Resource[]>(
            (before, step) =>
                args.target.job(migrationSpec(step, args.logs), { parent: this, dependsOn: before }).resources,
            args.after,
        );
        this.registerOutputs({ done: resourceOutputs(this.done) });
    }
}

function migrationSpec(step: MigrationStep, logs: LogPolicy): JobSpec {
    const { migration } = step;
    const other = Object.entries(migration.secrets ?? {}).map(([name, from]) => [name, step.secrets[from]!]);
    const secrets = { ...step.secrets, ...(Object.fromEntries(other) as MigrationStep["secrets"]) };
    return {
        ...processSpec("migration", { ...step, secrets, logs }, migration.command),
        name: jobName(migration),
        ...(other.length === 0 && { filesOf: migration.service }),
        resources: MIGRATION_RESOURCES,
        segments: step.settings.storeSegments,
        triggers: { command: migration.command.join(" "), image: step.image },
        timeoutSeconds: migration.timeoutSeconds,
    };
}

/** In the service's image, so the name says whose. */
export function jobName(migration: Pick<Migration, "name" | "service">): string {
    return `${migration.service}-${migration.name}`;
}

function validate(args: MigrationsArgs): void {
    const problems = new Problems();
    const names = args.steps.map((step) => jobName(step.migration));
    args.steps.forEach(({ migration }, index) => {
        problems
            .expect(migration.command.length > 0, `steps[${index}].migration.command`, "must name a command")
            .expect(
                Object.values(migration.secrets ?? {}).every((name) => args.steps[index]!.secrets[name] !== undefined),
                `steps[${index}].migration.secrets`,
                "must name secrets that there are",
            )
            .expect(migration.timeoutSeconds > 0, `steps[${index}].migration.timeoutSeconds`, "must be above 0")
            .expect(
                names.indexOf(names[index]!) === index,
                `steps[${index}].migration.name`,
                `"${migration.name}" is the name of two migrations of "${migration.service}"`,
            );
    });
    problems.throwIfAny("Migrations");
}
