/** Rules on Postgres's replica, held against the system's data. */
import { hint } from "../suggest";
import type { RuleContext } from "./context";

export function postgres({ system, input, problems }: RuleContext): void {
    const { readReplicas, primaryVolume } = input.postgres ?? {};
    const store = system.stores.postgres;
    // Told of by the rule on operators.
    if (store?.operator !== undefined) return;
    if (readReplicas !== undefined && readReplicas > 0 && store?.replicaVolume === undefined) {
        problems.add({
            path: ["postgres", "readReplicas"],
            value: readReplicas,
            rule: `must be 0: the document of ${system.key} asks for no read replica of Postgres`,
            remedy: problems.remove(["postgres", "readReplicas"]),
        });
    }
    const known = store?.replicaVolume === undefined ? [] : [store.volume, store.replicaVolume];
    if (primaryVolume === undefined || known.includes(primaryVolume)) return;
    problems.add({
        path: ["postgres", "primaryVolume"],
        value: primaryVolume,
        rule:
            known.length === 0
                ? `has no meaning for ${system.key}, whose Postgres has no replica`
                : `is not a volume of the Postgres of ${system.key}. ${hint(primaryVolume, known)}`,
        remedy: problems.remove(["postgres", "primaryVolume"]),
    });
}
