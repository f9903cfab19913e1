/** One life of a stack of simulated resources. Usage: `scale-process.ts <count> <state directory>`; prints {@link Scale} as JSON. */
import { join } from "node:path";

import { createEmbeddedEngine } from "../../../packages/engine/src";
import { simulated } from "../../fixtures/engine/simulated";
import { seconds } from "../row";

export const OPERATIONS = ["first-up", "no-op-up", "preview", "destroy"] as const;

export interface Scale {
    seconds: Record<(typeof OPERATIONS)[number], number>;
    /** Peak resident memory of this process. */
    peakMiB: number;
}

async function main(): Promise<void> {
    const [count, stateDir] = process.argv.slice(2) as [string, string];
    const provider = simulated();
    const engine = createEmbeddedEngine({
        projectDir: join(__dirname, "../../fixtures/engine/program"),
        stateDir,
        stack: "bench",
        config: {},
        passphrase: "of this benchmark",
        providers: [provider],
        env: { PROGRAM: "many", COUNT: count },
    });
    const expect = (what: string, seen: number, wanted: number): void => {
        if (seen !== wanted) throw new Error(`${what}: ${seen} instead of ${wanted}`);
    };
    const taken: Scale["seconds"] = {
        "first-up": await seconds(() => engine.up()),
        "no-op-up": await seconds(() => engine.up()),
        preview: await seconds(() => engine.preview()),
        destroy: 0,
    };
    expect("things made", provider.world.all().length, Number(count));
    expect("operations of the provider", provider.calls.length, Number(count));
    taken.destroy = await seconds(() => engine.destroy());
    expect("things left", provider.world.all().length, 0);
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(JSON.stringify({ seconds: taken, peakMiB } satisfies Scale));
}

// Its types are imported by the benchmark that starts it.
if (require.main === module) {
    main().catch((error: Error) => {
        console.error(error.message);
        process.exit(1);
    });
}
