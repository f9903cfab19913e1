/**
 * One life of a stack of many objects on a cluster. Usage: `objects-process.ts <count> <namespace> <state directory>`; prints
 * {@link Lifetime} as JSON.
 */
import { join } from "node:path";

import { createEmbeddedEngine } from "../../../packages/engine/src";
import { seconds } from "../row";

export const STAGES = ["first-preview", "up", "preview", "destroy"] as const;

/** Seconds of each stage. */
export type Lifetime = Record<(typeof STAGES)[number], number>;

/** The stack itself is a resource too. */
const OWN = 1;

async function main(): Promise<void> {
    const [count, namespace, stateDir] = process.argv.slice(2) as [string, string, string];
    const engine = createEmbeddedEngine({
        projectDir: join(__dirname, "../../fixtures/engine/program"),
        stateDir,
        stack: "bench",
        config: {},
        passphrase: "of this benchmark",
        env: { PROGRAM: "objects", COUNT: count, NAMESPACE: namespace },
    });
    /** @param changes what the run says that it did, or would do */
    const stage = async (work: () => Promise<object>, changes: object): Promise<number> => {
        let said: object = {};
        const taken = await seconds(async () => (said = await work()));
        if (JSON.stringify(said) !== JSON.stringify(changes))
            throw new Error(`${JSON.stringify(said)} instead of ${JSON.stringify(changes)}`);
        return taken;
    };
    const preview = async () => (await engine.preview()).changeSummary;
    const all = Number(count) + OWN;
    const taken: Lifetime = {
        "first-preview": await stage(preview, { create: all }),
        up: await stage(async () => (await engine.up()).changes, { create: all }),
        preview: await stage(preview, { same: all }),
        destroy: await stage(async () => (await engine.destroy()).changes, { delete: all }),
    };
    process.stdout.write(JSON.stringify(taken));
}

// Its types are imported by the benchmark that starts it.
if (require.main === module) {
    main().catch((error: Error) => {
        console.error(error.message);
        process.exit(1);
    });
}
