/** What makes a violation the same one in another run. */
import { createHash } from "node:crypto";

import type { Violation } from "@groundwork/policies/core/results";

/** What a violation is told by: not by its line, so that it stays the same when something is added above it. */
interface Identified {
    /** Its id. */
    rule: string;
    stack?: string;
    resource: string;
    path: string;
    message: string;
}

/** One for each, in their order: `<32 hexadecimal digits>:<n>`, where n tells apart those that are alike in all else, from 1. */
export function fingerprintsOf(violations: readonly Identified[]): string[] {
    const seen = new Map<string, number>();
    return violations.map(({ rule, stack = "", resource, path, message }) => {
        const parts = [rule, stack, resource, path, message];
        const hash = createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
        const n = (seen.get(hash) ?? 0) + 1;
        seen.set(hash, n);
        return `${hash}:${n}`;
    });
}

export function violationFingerprints(violations: readonly Violation[]): string[] {
    return fingerprintsOf(violations.map(({ rule, ...violation }) => ({ ...violation, rule: rule.id })));
}
