/** What came of judging. Plain data: every format is made from it. */
import type { Location } from "./resource";
import type { Level, Rule } from "./rule";

export interface Violation {
    rule: Rule;
    level: Exclude<Level, "disabled">;
    /** `Deployment/shop/api`; "stack" where it is about all of it. */
    resource: string;
    urn?: string;
    /** Name of its stack, where stacks are judged. */
    stack?: string;
    /** Path of the property; empty: the whole resource. */
    path: string;
    message: string;
    location?: Location;
}

export interface NotEvaluated {
    rule: Rule;
    resource: string;
    urn?: string;
    /** Name of its stack, where stacks are judged. */
    stack?: string;
    /** Path of the unknown. */
    path: string;
}

export interface Waived extends Violation {
    reason: string;
    owner: string;
    ticket: string;
    /** Last day on which it holds: 2027-01-31. */
    expires: string;
}

export interface Results {
    /** Rules that ran. */
    rules: readonly Rule[];
    /** How many resources were looked at. */
    resources: number;
    violations: Violation[];
    notEvaluated: NotEvaluated[];
    waived: Waived[];
}
