/** The program of this repository as one file of JavaScript, which starts half a second sooner than its sources do through a loader. */
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

import { build, cached } from "@groundwork/bundle";

const ENTRY = join(__dirname, "..", "..", "..", "..", "index.ts");
const BUNDLE = { entry: ENTRY, cacheName: "program", launcher: __filename };

/**
 * @returns its path; undefined where the project has a program of its own, or where none can be made or kept: the engine then runs the
 * sources, and says what is wrong with them
 */
export async function bundledProgram(projectDir: string): Promise<string | undefined> {
    const entry = join(projectDir, "index.ts");
    if (!existsSync(entry) || realpathSync(entry) !== realpathSync(ENTRY)) return undefined;
    const ready = cached(BUNDLE);
    if (ready) return ready.bundle;
    try {
        const { bundle } = await build(BUNDLE);
        return existsSync(bundle) ? bundle : undefined;
    } catch {
        return undefined;
    }
}
