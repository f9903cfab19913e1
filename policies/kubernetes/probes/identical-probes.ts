import { isDeepStrictEqual } from "node:util";

import { hasAt, valueAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { containerRule } from "../objects";

/** Without what guards unknowns, each of which is read on the way. */
function plain(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value));
}

export default containerRule({
    id: "GW-K8S-034",
    slug: "identical-probes",
    title: "Liveness and readiness are different questions",
    why: "A store that is away makes readiness fail, as it should. Asked with the same probe, liveness fails with it, and every replica is killed at once, again and again.",
    remedy: "Ask liveness about the process alone, or give it much longer.",
    severity: "low",
    levels: ADVICE,
    references: [],
    check({ raw }, report) {
        if (!hasAt(raw, "livenessProbe") || !hasAt(raw, "readinessProbe")) return;
        if (isDeepStrictEqual(plain(valueAt(raw, "livenessProbe")), plain(valueAt(raw, "readinessProbe")))) {
            report("livenessProbe", "must not be the same as readinessProbe");
        }
    },
});
