import { createHash } from "node:crypto";

import type { PropertyMap, PropertyValue } from "../provider";
import { isAbsent } from "./schema/types";

/** Hex digits of an automatic name, as Pulumi's own. */
const RANDOM_DIGITS = 7;

/**
 * The name of a resource that the program gives none: `<logical name>-<7 hex>`, kept from the last run, else taken from the seed.
 * @param property that holds the name
 */
export function autoname(
    logicalName: string,
    olds: PropertyMap | undefined,
    news: PropertyMap,
    seed: Buffer,
    longest: number,
    property = "name",
): { news: PropertyMap; automatic: boolean } {
    if (!isAbsent(news[property])) return { news, automatic: false };
    const before: PropertyValue | undefined = olds?.[property];
    const kept = typeof before === "string" && before !== "";
    const random = createHash("sha256").update(seed).digest("hex").slice(0, RANDOM_DIGITS);
    const name = kept ? before : `${logicalName.slice(0, longest - RANDOM_DIGITS - 1)}-${random}`;
    return { news: { ...news, [property]: name }, automatic: true };
}
