import { setTimeout as sleep } from "node:timers/promises";

import { FailedError } from "../errors";
import type { Runtime } from "../runtime/runtime";
import { isWell } from "../runtime/status";

/** Long enough for a database that replays its log. */
const STORE_SECONDS = 600;
/** What lost its store for a moment tries again within seconds. */
const OTHERS_SECONDS = 120;
const LOOK_AGAIN_MS = 500;

/**
 * Waits until services are well, and gives the others time to find them again.
 * @throws FailedError when one of `services` is not well in time
 */
export async function settled(runtime: Runtime, services: string[]): Promise<void> {
    const began = Date.now();
    for (;;) {
        const status = await runtime.inspect();
        const unwell = status.services
            .filter(({ replicas }) => replicas.length === 0 || !replicas.every(isWell))
            .map(({ service }) => service);
        const seconds = (Date.now() - began) / 1000;
        const awaited = unwell.filter((service) => services.includes(service));
        if (unwell.length === 0 || (awaited.length === 0 && seconds > OTHERS_SECONDS)) return;
        if (seconds > STORE_SECONDS)
            throw new FailedError(
                `${awaited.join(", ")} is not well ${STORE_SECONDS / 60} minutes after its start.`,
                "gw status and gw logs say why.",
            );
        await sleep(LOOK_AGAIN_MS);
    }
}
