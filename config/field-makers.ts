/** Makers of config keys of kinds that several sections have. */
import { z } from "zod";

import { field } from "./fields";
import { isCidr } from "./formats";

const MOST_RANGES = 64;

export function port(meaning: string, example: number) {
    return field(z.int().min(1).max(65535), {
        meaning,
        rule: "must be a port: a whole number from 1 to 65535",
        example,
    }).optional();
}

interface Ranges {
    meaning: string;
    example: [string, ...string[]];
    /** What applies when the key is not set. */
    whenAbsent: string;
    /** Fewest ranges; default: 1. */
    least?: 0 | 1;
}

/** Ranges of addresses, for what filters by address: network policies and firewalls know no names. */
export function cidrs({ meaning, example, whenAbsent, least = 1 }: Ranges) {
    const range = field(z.string().refine(isCidr), {
        meaning: "A range of addresses.",
        rule: `must be a CIDR: an address, a slash and a number of bits, e.g. ${example[0]}`,
    });
    const ranges = z.array(range).max(MOST_RANGES);
    const count = least === 0 ? `at most ${MOST_RANGES}` : `${least} to ${MOST_RANGES}`;
    return field(least === 0 ? ranges : ranges.min(least), {
        meaning,
        rule: `must be a list of ${count} CIDRs, e.g. ${example[0]}`,
        example,
        default: whenAbsent,
    }).optional();
}
