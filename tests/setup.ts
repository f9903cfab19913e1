/** Runs in each test file before its tests. */
import { configureGlobal } from "fast-check";
import { afterAll } from "vitest";

import { removeTemporary } from "./temporary";

/**
 * Pulumi's SDK notes a stack with each of its promises and resources, which no test reads. Mapped to the sources, as vitest maps every
 * stack, they are half of the time that a test on Pulumi's mocks takes.
 */
const UNREAD = new Set(["debuggablePromise", "callsites"]);

const mapped = Error.prepareStackTrace;
if (mapped && mapped.name !== "mappedIfRead") {
    Error.prepareStackTrace = function mappedIfRead(error, frames): unknown {
        return UNREAD.has(frames[0]?.getFunctionName() ?? "") ? String(error) : mapped(error, frames);
    };
}

/**
 * Properties are tried with the same values in each run, so that what fails was changed, and a property that fails says why.
 * `FUZZ_SEED=<a number> npm run test:unit` tries others.
 */
configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1), includeErrorInReport: true });

afterAll(removeTemporary);
