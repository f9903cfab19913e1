import type { Deciding } from "../effective";
import type { Problems } from "../problems";

/** What a rule sees: a config whose parts have the right types, what it is held against, and where to report. */
export interface RuleContext extends Deciding {
    problems: Problems;
}
