/** A stack's state as it is exported: Pulumi's deployment JSON. */
import type { UntypedDeployment } from "@groundwork/engine/api";
import { z } from "zod";

import { UsageError } from "../errors";

const GIVE = 'Give what "gw state export" or "pulumi stack export" wrote.';

/** Go writes what is empty as null here and there. */
const Urns = z.array(z.string()).nullish();

/** What of a resource is read; the rest is the engine's. */
const Resource = z.object({
    urn: z.string().regex(/^urn:pulumi:/, "must begin with urn:pulumi:"),
    type: z.string().min(1),
    inputs: z.record(z.string(), z.unknown()).nullish(),
    outputs: z.record(z.string(), z.unknown()).nullish(),
    parent: z.string().nullish(),
    protect: z.boolean().nullish(),
    delete: z.boolean().nullish(),
    ignoreChanges: z.array(z.string()).nullish(),
    dependencies: Urns,
    propertyDependencies: z.record(z.string(), Urns).nullish(),
    sourcePosition: z.string().nullish(),
});
const Deployment = z.object({
    resources: z.array(Resource).nullish(),
    pending_operations: z.array(z.object({ resource: Resource, type: z.string() })).nullish(),
});

/** How many of what is wrong is told of: what broke one resource mostly broke all. */
const MOST_PROBLEMS = 5;

/** @throws UsageError when it is no deployment of version 3, or what it holds is not what such a one holds */
export function parseDeployment(text: string, name: string): UntypedDeployment {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new UsageError(`${name} is not JSON. ${GIVE}`);
    }
    const { version, deployment } = (value ?? {}) as Partial<UntypedDeployment>;
    if (version !== 3 || typeof deployment !== "object" || deployment === null) {
        const found = version === undefined ? "has no version" : `version ${String(version)}`;
        throw new UsageError(
            version === 3 ? `${name} holds no deployment.` : `${name} is no deployment of version 3, but ${found}.`,
            GIVE,
        );
    }
    const { error } = Deployment.safeParse(deployment);
    if (error) {
        const problems = error.issues.map(({ path, message }) => `deployment${written(path)}: ${message}`);
        const [more] = problems.splice(MOST_PROBLEMS).length > 0 ? ["…"] : [];
        throw new UsageError(
            `${name} is no state that can be read:`,
            [...problems, more, GIVE].filter(Boolean).join("\n"),
        );
    }
    return value as UntypedDeployment;
}

function written(path: readonly PropertyKey[]): string {
    return path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
}
