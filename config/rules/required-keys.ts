/** The rule on keys that have no default in an environment. */
import { DEFAULTS, type DefaultPath } from "../defaults";
import { effective } from "../effective";
import type { RuleContext } from "./context";

/** Values that a remedy may show. */
const EXAMPLES: Partial<Record<DefaultPath, string>> = { domain: "platform.example.com", "tls.mode": "acme" };

export function requiredKeys(context: RuleContext): void {
    const { problems, environment } = context;
    for (const path of Object.keys(DEFAULTS) as DefaultPath[]) {
        const keys = path.split(".");
        if (effective(context, path) !== undefined || problems.touches(keys)) continue;
        const example = EXAMPLES[path];
        problems.add({
            path: keys,
            rule: `is required in ${environment}: it has no default there`,
            remedy: example === undefined ? undefined : problems.set(keys, example),
        });
    }
}
