/** Waiting for what something else brings about. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Wait {
    what: string;
    seconds: number;
    /**
     * Milliseconds between two questions. Default: twice as many as the last one took, within {@link PAUSE}, so that asking takes no more
     * than a third of a processor from what is asked.
     */
    everyMs?: number;
    /** Called when time is up: what may tell why. */
    explain?: () => string | Promise<string>;
    /** Throws when there is no use in waiting on. */
    check?: () => void;
}

const PAUSE = { shortest: 100, longest: 1_000 };

/**
 * Asks until the answer is yes; an error is a no.
 * @returns the seconds that it took
 * @throws Error with the last error's or `explain`'s words when time is up
 */
export async function waitFor(ask: () => boolean | Promise<boolean>, wait: Wait): Promise<number> {
    const began = Date.now();
    for (;;) {
        const asked = Date.now();
        let failure: Error | undefined;
        try {
            if (await ask()) return (Date.now() - began) / 1000;
        } catch (error) {
            failure = error as Error;
        }
        wait.check?.();
        if (Date.now() - began > wait.seconds * 1000) {
            const why = failure?.message ?? (await wait.explain?.());
            const what = `${wait.what} did not come about in ${wait.seconds} s`;
            throw new Error(why === undefined ? what : `${what}\n${why}`, { cause: failure });
        }
        const took = Date.now() - asked;
        await sleep(wait.everyMs ?? Math.min(PAUSE.longest, Math.max(PAUSE.shortest, 2 * took)));
    }
}
