/** A test that counts backups must not meet those that its stack makes by the clock. */
import { Cron } from "croner";

import { systemOf } from "../../../systems";
import type { SystemKey } from "../../../systems/types";

/**
 * The time zone in which the next run of the system's schedules is furthest away. Zones differ from UTC by whole, half and three-quarter
 * hours, so that even schedules that come twice an hour leave 15 minutes or more.
 */
export function quietTimeZone(system: SystemKey): string {
    const crons = systemOf(system).backups.flatMap(({ schedules }) => schedules.map(({ cron }) => cron));
    const next = (zone: string): number =>
        Math.min(...crons.map((cron) => new Cron(cron, { timezone: zone, paused: true }).nextRun()!.getTime()));
    const zones = Intl.supportedValuesOf("timeZone").map((zone) => ({ zone, at: next(zone) }));
    return zones.reduce((best, one) => (one.at > best.at ? one : best)).zone;
}
