/** Rules about the waivers themselves. */
import { checkResource, checkStack } from "./check";
import type { Resource, Stack } from "./resource";
import { ALWAYS, type Context, isResourceRule, type Rule, ruleFor, type StackRule, type StackUnit } from "./rule";
import { settingsOf, type SettingsSchema } from "./settings";
import { isExpired, type Waiver } from "./waivers";

interface WaiverUnit extends StackUnit {
    readonly waiver: Waiver;
    readonly stack: Stack;
}

const waiverRule = ruleFor<WaiverUnit>({
    scope: "stack",
    units: (stack) => ({
        units: (stack.waivers?.all ?? []).map((waiver, n) => ({
            path: "",
            waiver,
            stack,
            resource: asResource(waiver, n),
        })),
        unknown: [],
        malformed: [],
    }),
});

/** For results, which name what they are about. */
function asResource(waiver: Waiver, n: number): Resource {
    return {
        type: "groundwork:policies:Waiver",
        name: `Waiver/${n + 1}`,
        props: {},
        options: {},
        locate: () => waiver.location,
    };
}

/** @param rules those that can be waived */
export function waiverRules(rules: readonly Rule[]): StackRule[] {
    const known = new Map<string, Rule>(rules.map((rule) => [rule.id, rule]));
    return [
        waiverRule({
            id: "GW-WVR-001",
            slug: "waiver-complete",
            title: "Waivers say what they waive, why, for whom and until when",
            why: "Nobody can judge a waiver that gives no reason, ask about one without an owner, or find one again that names no rule. It waives nothing.",
            remedy: "Give it rule, resource, reason, owner, ticket and expires.",
            severity: "medium",
            levels: ALWAYS,
            references: [],
            check({ waiver }, report) {
                for (const problem of waiver.problems) report("", problem);
                if (waiver.rule !== "" && !known.has(waiver.rule))
                    report("rule", `names ${waiver.rule}, and there is no such rule`);
            },
        }),
        waiverRule({
            id: "GW-WVR-002",
            slug: "waiver-in-force",
            title: "Waivers have not expired",
            why: "What was to be mended by then is not, and nobody has said that it may stay. It waives nothing any more.",
            remedy: "Mend what it waives and delete it, or have its owner decide on a later day.",
            severity: "medium",
            levels: ALWAYS,
            references: [],
            check({ waiver, stack }, report) {
                if (isExpired(waiver, stack.waivers!.now)) {
                    report(
                        "expires",
                        `expired on ${waiver.expires}: ${waiver.rule} of ${waiver.resource}, owner ${waiver.owner}`,
                    );
                }
            },
        }),
        waiverRule({
            id: "GW-WVR-003",
            slug: "waiver-used",
            title: "Waivers waive something",
            why: "What it was for is mended. It would hide the same mistake when it is made again.",
            remedy: "Delete it.",
            severity: "low",
            levels: ALWAYS,
            references: [],
            check({ waiver, stack }, report, context) {
                const rule = known.get(waiver.rule);
                const covered = stack.resources.filter(({ name }) => stack.waivers!.about(name).includes(waiver));
                // A resource that is not here may be another stack's.
                if (!rule || covered.length === 0) return;
                if (!mayFind(rule, covered, stack, context))
                    report("", `${waiver.rule} finds nothing in ${waiver.resource}`);
            },
        }),
    ];
}

/** Where a rule has no verdict yet, it may still find something. */
function mayFind(rule: Rule, covered: Resource[], stack: Stack, { environment }: Context<SettingsSchema>): boolean {
    const context = { environment, settings: settingsOf(rule, {}, environment) };
    const about = (resource?: Resource) => resource !== undefined && covered.includes(resource);
    const checked = isResourceRule(rule)
        ? covered
              .filter(({ type }) => rule.view.applies(type))
              .map((resource) => checkResource(rule, resource, context))
        : [checkStack(rule, stack, context)];
    return checked.some(({ findings, unevaluated }) =>
        [...findings, ...unevaluated].some(({ resource }) => about(resource)),
    );
}
