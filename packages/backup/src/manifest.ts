/**
 * What a backup says of itself. It is stored last, after everything else was read back: a backup without a manifest is none.
 */
import { z } from "zod";

const contents = z.record(z.string(), z.strictObject({ count: z.number(), checksum: z.string().optional() }));

export const manifestSchema = z.strictObject({
    version: z.literal(1),
    id: z.string(),
    stack: z.string(),
    system: z.string(),
    /** What was deployed. */
    release: z.string(),
    store: z.string(),
    driver: z.string(),
    /** How it was made: `logical`, `physical`, `snapshot`, `copy`, `files`. */
    method: z.string(),
    /** Name of the schedule, or `manual`, or `safety` before a restore. */
    tier: z.string(),
    startedAt: z.iso.datetime(),
    /** What was written before it is in it. */
    pointAt: z.iso.datetime(),
    /** When all of it had been read back from the repository. */
    verifiedAt: z.iso.datetime(),
    /** From the start to the verified end. */
    seconds: z.number(),
    versions: z.record(z.string(), z.string()),
    parts: z.array(
        z.strictObject({
            name: z.string(),
            /** `file`: one file of this name. `tree`: a folder. */
            kind: z.enum(["file", "tree"]),
            bytes: z.number(),
            /** Checksum of the file; of a tree, over the sorted list of its entries with their owners, modes, sizes and checksums. */
            sha256: z.string(),
            /** Number of a tree's entries; absent for a file. */
            entries: z.number().optional(),
            /** `listing`: the checksum is over names, owners, modes and sizes alone, so that what has not changed need not be read back. */
            proof: z.enum(["content", "listing"]).default("content"),
        }),
    ),
    /** Rows, keys or files by table, database or folder. A restore must come to the same. */
    contents,
    /** Written into the store just before. */
    canary: z.string().optional(),
    /** Bytes that the repository grew by. */
    addedBytes: z.number(),
    /** The driver's own. */
    details: z.record(z.string(), z.string()).default({}),
});

export type Manifest = z.output<typeof manifestSchema>;
export type Part = Manifest["parts"][number];
export type Contents = z.output<typeof contents>;

/** Where two differ, for people; empty when they are the same. */
export function compareContents(expected: Contents, found: Contents): string[] {
    const differences: string[] = [];
    for (const name of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort()) {
        const [one, other] = [expected[name], found[name]];
        if (!one) differences.push(`${name} is not in the backup`);
        else if (!other) differences.push(`${name} is missing`);
        else if (one.count !== other.count) differences.push(`${name} has ${other.count}, the backup ${one.count}`);
        else if (one.checksum !== other.checksum) differences.push(`${name} has the same count and other content`);
    }
    return differences;
}
