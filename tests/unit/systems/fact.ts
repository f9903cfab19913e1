/** Words in which the tests of the systems state a document's facts, one test each. */
import { expect, test } from "vitest";

import { resolveSecrets } from "../../../components/settings/secrets";
import { SYSTEMS } from "../../../systems";
import { storeAddresses } from "../../../systems/external";
import {
    databasesOf,
    ENVIRONMENTS,
    inEnvironment,
    withDatabase,
    type Alert,
    type Backup,
    type Environment,
    type EnvVar,
    type PerEnvironment,
    type Probe,
    type Secret,
    type Service,
    type System,
} from "../../../systems/types";

/** Each system with each database that it may run on. */
export const EVERY_SYSTEM: { name: string; system: System }[] = Object.values(SYSTEMS).flatMap((system) => {
    const others = databasesOf(system).slice(1);
    return [
        { name: system.key, system },
        ...others.map((database) => ({ name: `${system.key} on ${database}`, system: withDatabase(system, database) })),
    ];
});

/** What the document says, what the data says, what it has to be. */
export function fact(statement: string, actual: unknown, expected: unknown): void {
    test(statement, () => {
        expect(actual).toEqual(expected);
    });
}

function named<T extends { name: string }>(items: T[], name: string): T {
    const item = items.find((one) => one.name === name);
    if (!item) throw new Error(`There is no "${name}" among ${items.map((one) => one.name).join(", ")}.`);
    return item;
}

export function service(system: System, name: string): Service {
    return named(system.services, name);
}

/** With where the stores answer filled in. */
export function secret(system: System, name: string): Secret {
    return named(resolveSecrets(system), name);
}

function alert(system: System, name: string): Alert {
    return named(system.alerts, name);
}

export function backup(system: System, store: string): Backup {
    const found = system.backups.find((one) => one.store === store);
    if (!found) throw new Error(`${system.key} has no backup of "${store}".`);
    return found;
}

export function variable(of: Service, name: string): EnvVar {
    return named(of.env, name);
}

/**
 * What a variable is set to; undefined where the stack does not set it.
 * @param system where it names one of its stores' addresses
 */
export function set(of: Service, name: string, environment: Environment, system?: System): string | undefined {
    const { value } = variable(of, name);
    const text = value && inEnvironment(value, environment);
    return text && system ? storeAddresses(text, system.stores) : text;
}

/** `[dev, staging, prod]` */
export function everywhere<T>(value: PerEnvironment<T>): T[] {
    return ENVIRONMENTS.map((environment) => inEnvironment(value, environment));
}

/** `[interval, timeout, retries]` in seconds and times. */
export function pace(probe: Probe): [number, number, number] {
    return [probe.intervalSeconds, probe.timeoutSeconds, probe.retries];
}

/** The cron expression of a store's schedule. */
export function cron(system: System, store: string, schedule: string): string {
    return named(backup(system, store).schedules, schedule).cron;
}

/** One test for each row of a document's table of alerts: name, condition, seconds, severity, message. */
export function alertFacts(system: System, rows: [string, string, number, Alert["severity"], string?][]): void {
    for (const [name, condition, forSeconds, severity, summary] of rows) {
        const { source: _, ...actual } = alert(system, name);
        fact(`${name}: ${condition} for ${forSeconds} s, ${severity}`, actual, {
            name,
            condition,
            forSeconds,
            severity,
            summary: summary ?? actual.summary,
        });
    }
}

/** One test for each row of a document's table of objectives: scenario, minutes to recover, minutes of data lost. */
export function objectiveFacts(system: System, rows: [string, number, number, string?][]): void {
    fact("has these scenarios and no other", system.objectives.map((one) => one.scenario).sort(), [
        ...rows.map(([scenario]) => scenario).sort(),
    ]);
    for (const [scenario, rtoMinutes, rpoMinutes, priority] of rows) {
        const objective = system.objectives.find((one) => one.scenario === scenario);
        fact(`${scenario}: RTO ${rtoMinutes} min`, objective?.rtoSeconds, rtoMinutes * 60);
        fact(`${scenario}: RPO ${rpoMinutes} min`, objective?.rpoSeconds, rpoMinutes * 60);
        if (priority) fact(`${scenario}: priority ${priority}`, objective?.priority, priority);
    }
}
