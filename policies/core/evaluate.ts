/** Judges resources by rules, in this process. The pack does the same through Pulumi's protocol, a rule and a resource at a time. */
import { appliesTo, type Checked, checkResource, checkStack } from "./check";
import { locationOf, type Resource, type Stack, writtenPath } from "./resource";
import type { NotEvaluated, Results, Violation } from "./results";
import { type Environment, isResourceRule, type Rule } from "./rule";
import { type Configuration, configuredFor, levelOf, settingsOf } from "./settings";
import { NO_WAIVERS, type Waivers } from "./waivers";

export interface Judgement {
    environment: Environment;
    configuration?: Configuration;
}

/** Name of what is about the stack as a whole. */
const WHOLE_STACK = "stack";

export function evaluate(rules: readonly Rule[], stack: Stack, judgement: Judgement): Results {
    const { environment, configuration = {} } = judgement;
    const enforced = rules
        .map((rule) => ({ rule, level: levelOf(rule, configuration, environment) }))
        .filter((entry): entry is Enforced => entry.level !== "disabled");
    const results: Results = {
        rules: enforced.map(({ rule }) => rule),
        resources: stack.resources.length,
        violations: [],
        notEvaluated: [],
        waived: [],
    };
    const judge = new Judge(results, stack.waivers ?? NO_WAIVERS);
    const contexts = new Map(
        enforced.map(({ rule }) => [
            rule,
            { environment, settings: settingsOf(rule, configuredFor(rule, configuration), environment) },
        ]),
    );
    const byType = new Map<string, Enforced[]>();
    for (const resource of stack.resources) {
        let concerned = byType.get(resource.type);
        if (!concerned)
            byType.set(resource.type, (concerned = enforced.filter(({ rule }) => appliesTo(rule, resource.type))));
        for (const entry of concerned)
            judge.take(entry, checkResource(entry.rule, resource, contexts.get(entry.rule)!));
    }
    for (const entry of enforced) {
        if (!isResourceRule(entry.rule)) judge.take(entry, checkStack(entry.rule, stack, contexts.get(entry.rule)!));
    }
    return results;
}

interface Enforced {
    rule: Rule;
    level: Violation["level"];
}

class Judge {
    constructor(
        private readonly results: Results,
        private readonly waivers: Waivers,
    ) {}

    take({ rule, level }: Enforced, { findings, unevaluated }: Checked): void {
        for (const { resource, path, message } of findings) {
            const violation: Violation = {
                rule,
                level,
                ...about(resource),
                path: writtenPath(resource, path),
                message,
                location: locationOf(resource, path),
            };
            const waiver = this.waivers.of(rule, violation.resource);
            if (!waiver) this.results.violations.push(violation);
            else {
                const { reason, owner, ticket, expires } = waiver;
                this.results.waived.push({ ...violation, reason, owner, ticket, expires });
            }
        }
        for (const { resource, path } of unevaluated)
            this.results.notEvaluated.push({ rule, ...about(resource), path: writtenPath(resource, path) });
    }
}

function about(resource: Resource | undefined): Pick<NotEvaluated, "resource" | "urn"> {
    return resource ? { resource: resource.name, urn: resource.urn } : { resource: WHOLE_STACK };
}
