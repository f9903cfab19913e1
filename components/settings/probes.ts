import type { Probe } from "../../systems/types";

/** How long to wait for a first healthy answer: as long as the probe may take to say no, and half a minute to start at all. */
export function waitSeconds(probe: Probe): number {
    return probe.startPeriodSeconds + probe.retries * (probe.intervalSeconds + probe.timeoutSeconds) + 30;
}
