/**
 * Violations that are kept on purpose, for a time, by somebody: `waivers.yaml`. An entry that lacks something, has expired or waives
 * nothing is a violation of its own, and an incomplete or expired one waives nothing.
 */
import { LineCounter, parseDocument, isMap, isSeq } from "yaml";

import type { Location } from "./resource";
import type { RuleInfo } from "./rule";

export const WAIVER_FIELDS = ["rule", "resource", "reason", "owner", "ticket", "expires"] as const;

/** All of it text; what is missing is empty. */
export interface Waiver extends Record<(typeof WAIVER_FIELDS)[number], string> {
    location: Location;
    /** What is wrong with it; one with problems waives nothing. */
    problems: string[];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LEAST_REASON = 20;

/** @param file only to name it @throws Error when the file is no list of maps at all */
export function parseWaivers(text: string, file: string): Waiver[] {
    const lines = new LineCounter();
    // Dates stay text.
    const document = parseDocument(text, { lineCounter: lines, schema: "failsafe" });
    const [error] = document.errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    if (document.contents === null) return [];
    if (!isSeq(document.contents)) throw new Error(`${file}: must be a list of waivers.`);
    return document.contents.items.map((item) => {
        if (!isMap(item)) throw new Error(`${file}: each waiver must be a map.`);
        const given = item.toJSON() as Record<string, unknown>;
        const location = { file, line: lines.linePos(item.range![0]).line };
        const fields = Object.fromEntries(
            WAIVER_FIELDS.map((key) => [key, typeof given[key] === "string" ? given[key].trim() : ""]),
        ) as Record<(typeof WAIVER_FIELDS)[number], string>;
        return { ...fields, location, problems: problemsOf(fields, Object.keys(given)) };
    });
}

function problemsOf(fields: Record<string, string>, given: string[]): string[] {
    const problems = WAIVER_FIELDS.filter((key) => fields[key] === "").map((key) => `has no ${key}`);
    for (const key of given) {
        if (!(WAIVER_FIELDS as readonly string[]).includes(key)) problems.push(`has ${key}, which no waiver has`);
    }
    const { reason = "", expires = "" } = fields;
    if (reason !== "" && reason.length < LEAST_REASON) problems.push("has a reason that is too short to be one");
    if (expires !== "" && !isDay(expires)) {
        problems.push("expires on no day: expires must be written 2027-01-31");
    }
    return problems;
}

/** The 31st of February is read as the 3rd of March. */
function isDay(text: string): boolean {
    const date = new Date(text);
    return DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** It holds through the whole of its last day, UTC. */
export function isExpired(waiver: Waiver, now: Date): boolean {
    return DAY.test(waiver.expires) && waiver.expires < now.toISOString().slice(0, 10);
}

export class Waivers {
    private readonly live: { waiver: Waiver; resource: RegExp }[];

    constructor(
        readonly all: readonly Waiver[],
        readonly now: Date,
    ) {
        this.live = all
            .filter((waiver) => waiver.problems.length === 0 && !isExpired(waiver, now))
            .map((waiver) => ({ waiver, resource: glob(waiver.resource) }));
    }

    /** The waiver that covers a violation. */
    of(rule: RuleInfo, resource: string): Waiver | undefined {
        return this.live.find(({ waiver, resource: matches }) => waiver.rule === rule.id && matches.test(resource))
            ?.waiver;
    }

    /** Waivers in force that name a resource. */
    about(resource: string): Waiver[] {
        return this.live.filter(({ resource: matches }) => matches.test(resource)).map(({ waiver }) => waiver);
    }
}

export const NO_WAIVERS = new Waivers([], new Date(0));

/** `*` stands for any characters but a slash. */
function glob(pattern: string): RegExp {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join("[^/]*")}$`);
}
