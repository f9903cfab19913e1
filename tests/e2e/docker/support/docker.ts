/** {@link file://./inventory.ts} for tests; what is no test, such as a benchmark, has no vitest to import. */
import { beforeEach } from "vitest";

import { missingDocker } from "./inventory";

export * from "./inventory";

/** Skips every test of the surrounding `describe`, with the reason, where no Docker engine answers. */
export function needsDocker(): void {
    beforeEach(async (context) => {
        const missing = await missingDocker();
        if (missing) context.skip(missing);
    });
}
