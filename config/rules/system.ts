/** Rules on volumes, images and objectives, held against the system's data. */
import { databasesOf, externalStores, imageKeys } from "../../systems/types";
import { hint } from "../suggest";
import type { RuleContext } from "./context";

/** Chosen in vain is a slip: the stack would run on the database that it does not name. */
export function database({ system, input, problems }: RuleContext): void {
    const offered = databasesOf(system);
    if (input.database === undefined || offered.includes(input.database)) return;
    const only = Object.keys(system.stores).filter((store) => store !== "redis");
    problems.add({
        path: ["database"],
        value: input.database,
        rule:
            offered.length === 0
                ? `has no meaning for ${system.key}: its document offers no choice, it runs on ${only.join(" and ")}`
                : `must be one that ${system.key} offers: ${offered.join(", ")}`,
        remedy: problems.remove(["database"]),
    });
}

export function volumes({ system, input, problems }: RuleContext): void {
    const known = system.volumes.map((volume) => volume.name);
    // Told of by the rule on external stores.
    const elsewhere = [...externalStores(system.stores).values()].map(({ volume }) => volume);
    for (const name of Object.keys(input.volumes ?? {})) {
        if (known.includes(name) || elsewhere.includes(name)) continue;
        problems.add({
            path: ["volumes", name],
            rule: `is not a volume of ${system.key}. ${hint(name, known)}`,
            remedy: problems.remove(["volumes", name]),
        });
    }
}

/** An override that nothing uses is a slip: the image that was meant would run as before. */
export function images({ system, input, problems }: RuleContext): void {
    const known = imageKeys(system);
    for (const name of Object.keys(input.images?.overrides ?? {})) {
        if (known.includes(name)) continue;
        const path = ["images", "overrides", name];
        problems.add({
            path,
            rule: `is not an image of ${system.key}. ${hint(name, known)}`,
            remedy: problems.remove(path),
        });
    }
}

/** A stack may ask for more than the document promises, not for less. */
export function objectives({ system, input, problems }: RuleContext): void {
    for (const [scenario, said] of Object.entries(input.objectives ?? {})) {
        const document = system.objectives.find((objective) => objective.scenario === scenario);
        if (document === undefined) continue;
        for (const key of ["rtoSeconds", "rpoSeconds"] as const) {
            const value = said?.[key];
            if (value === undefined || value <= document[key]) continue;
            const path = ["objectives", scenario, key];
            problems.add({
                path,
                value,
                rule: `must not be above ${document[key]}, which the document of ${system.key} promises`,
                remedy: problems.set(path, document[key]),
            });
        }
    }
}
