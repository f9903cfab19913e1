/** Rules as policies of a Pulumi pack, and a stack's resources as rules look at them. */
import type {
    PolicyResourceOptions,
    ReportViolation,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";

import { appliesTo, type Checked, checkResource, checkStack } from "../core/check";
import { mended } from "../core/mend";
import { type Raw, textAt } from "../core/raw";
import { resource, type Resource } from "../core/resource";
import { type Environment, isResourceRule, policyName, type Rule } from "../core/rule";
import { schemaOf, settingsOf } from "../core/settings";
import { isUnknown, unguarded } from "../core/unknown";
import type { Waivers } from "../core/waivers";
import { kindOf } from "../kubernetes/objects";

/** A resource as Pulumi's protocol, its states and its previews have it. */
export interface PulumiResource {
    type: string;
    name: string;
    urn: string;
    props: Raw;
    opts: Partial<Pick<PolicyResourceOptions, "protect" | "parent" | "ignoreChanges">>;
    /** By property: URNs of the resources whose outputs it is made of. Only a stack as a whole has them. */
    propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

export function fromPulumi({ type, name, urn, props, opts, propertyDependencies }: PulumiResource): Resource {
    const options = { ...opts, comesFrom: propertyDependencies };
    return resource({ type, urn, props, name: nameOf(type, name, props), options });
}

/** As its kind and its own name; a name that is only known later is the one that it has in the program. */
function nameOf(type: string, name: string, props: Raw): string {
    const short = type.split(":").at(-1)!;
    if (!kindOf(type)) return `${short}/${name}`;
    return kubernetesName(short, props, name);
}

export function kubernetesName(kind: string, props: Raw, otherwise: string): string {
    const [namespace, name] = ["namespace", "name"].map((key) => {
        try {
            const value = textAt(props, "metadata", key);
            return isUnknown(value) ? undefined : value;
        } catch {
            return undefined;
        }
    });
    return [kind, namespace, name ?? otherwise].filter((part) => part !== undefined).join("/");
}

const known = new WeakMap<Raw, Resource>();

/** A resource that Pulumi hands a policy: the same one for all that judge it, so that what one has looked up of it others find. */
function handed(
    { type, name, urn, props, opts }: PulumiResource,
    comesFrom: Readonly<Record<string, readonly { urn: string }[]>> = {},
): Resource {
    const own = unguarded(props);
    let found = known.get(own);
    if (!found) {
        const propertyDependencies = Object.fromEntries(
            Object.entries(comesFrom).map(([key, from]) => [key, from.map((it) => it.urn)]),
        );
        known.set(own, (found = fromPulumi({ type, name, urn, props: own, opts, propertyDependencies })));
    }
    return found;
}

export interface PackContext {
    environment: Environment;
    waivers: Waivers;
}

/**
 * A rule as a policy. How it is enforced is decided here once for the stack's environment; Pulumi lets its own configuration override it.
 */
export function policyOf(rule: Rule, context: PackContext): ResourceValidationPolicy | StackValidationPolicy {
    const [reference] = rule.references;
    const properties = schemaOf(rule, context.environment);
    const common = {
        name: policyName(rule),
        displayName: rule.title,
        description: `${rule.id}: ${rule.title}.`,
        enforcementLevel: rule.levels[context.environment],
        severity: rule.severity,
        remediationSteps: rule.remedy,
        ...(reference && {
            framework: {
                name: reference.framework.name,
                version: reference.framework.version,
                reference: reference.control,
                specification: reference.framework.controls[reference.control] ?? "",
            },
        }),
        ...(Object.keys(properties).length > 0 && { configSchema: { properties } }),
    };
    const settings = (configured: object) => ({
        environment: context.environment,
        settings: settingsOf(rule, configured as Record<string, unknown>, context.environment),
    });
    if (isResourceRule(rule)) {
        return {
            ...common,
            validateResource: ({ type, name, urn, props, opts, getConfig }, report) => {
                if (!appliesTo(rule, type)) return;
                const judged = handed({ type, name, urn, props, opts });
                say(rule, checkResource(rule, judged, settings(getConfig())), context, report);
            },
            ...(rule.mend && {
                remediateResource: ({ type, name, urn, props, opts, getConfig }) => {
                    if (!appliesTo(rule, type)) return undefined;
                    const own = unguarded(props);
                    const judged = fromPulumi({ type, name, urn, props: own, opts });
                    const isWaived = context.waivers.of(rule, judged.name) !== undefined;
                    return isWaived ? undefined : mended(rule, judged, own, settings(getConfig()));
                },
            }),
        };
    }
    return {
        ...common,
        validateStack: ({ resources, getConfig }, report) => {
            const stack = {
                waivers: context.waivers,
                resources: resources.map(({ type, name, urn, props, opts, parent, propertyDependencies }) =>
                    handed({ type, name, urn, props, opts: { ...opts, parent: parent?.urn } }, propertyDependencies),
                ),
            };
            say(rule, checkStack(rule, stack, settings(getConfig())), context, report);
        },
    };
}

/** What Pulumi shows of a violation, and of a rule that had no verdict. */
export function violationText(path: string, message: string): string {
    return path === "" ? message : `${path}: ${message}`;
}

export function notEvaluatedText(path: string): string {
    return `not evaluated: ${path} is not known yet`;
}

/**
 * What `@pulumi/policy` takes beside a text: a violation with a level of its own. Its types do not say so. Without it a mandatory policy
 * could not report that it has no verdict without failing, or it would have to throw, which drops what it found before.
 */
type ReportWithLevel = (violation: { message: string; urn?: string; enforcementLevel: "advisory" }) => void;

function say(rule: Rule, { findings, unevaluated }: Checked, { waivers }: PackContext, report: ReportViolation): void {
    for (const { resource: judged, path, message } of findings) {
        if (judged && waivers.of(rule, judged.name)) continue;
        report(violationText(path, message), judged?.urn);
    }
    for (const { resource: judged, path } of unevaluated) {
        (report as unknown as ReportWithLevel)({
            message: notEvaluatedText(path),
            urn: judged?.urn,
            enforcementLevel: "advisory",
        });
    }
}
