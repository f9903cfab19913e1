/** How much of a framework the rules see: what they look at, and what is said of that which they do not. */
import type { Rule } from "../core/rule";
import type { Framework } from "../frameworks/framework";

/** covered: all that a resource's properties say of it. partly: there is more to it. not: no rule looks at it. */
export type Extent = "covered" | "partly" | "not";

export interface Coverage {
    control: string;
    title: string;
    extent: Extent;
    rules: Rule[];
    /** What rules see where that is not all of it, or why none sees it. */
    limit?: string;
}

/** The coverage of each control of a framework, in its order. */
export function coverageOf(framework: Framework, rules: readonly Rule[]): Coverage[] {
    return Object.entries(framework.controls).map(([control, title]) => {
        const looking = rules.filter(({ references }) =>
            references.some((reference) => reference.framework === framework && reference.control === control),
        );
        const limit = framework.limits[control];
        const whole = limit === undefined && framework.limit === undefined;
        return {
            control,
            title,
            extent: looking.length === 0 ? "not" : whole ? "covered" : "partly",
            rules: looking,
            limit,
        };
    });
}

/** Frameworks that rules refer to. */
export function frameworksOf(rules: readonly Rule[]): Framework[] {
    return [...new Set(rules.flatMap(({ references }) => references.map(({ framework }) => framework)))];
}
