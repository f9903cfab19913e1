/** `docs/systems.md` against the data that it is written from. */
import { expect, test } from "vitest";

import { SYSTEMS } from "../../../systems";
import { systemsPage } from "../../../systems/page";

test.each(Object.values(SYSTEMS))("the page names every part of $key", (system) => {
    const page = systemsPage();
    const start = page.indexOf(`\n## ${system.key}\n`);
    expect(start).toBeGreaterThan(0);
    const end = page.indexOf("\n## ", start + 1);
    const section = page.slice(start, end === -1 ? undefined : end);
    const parts = [
        ...system.services.flatMap((one) => [one.name, ...one.env.map((variable) => `\`${variable.name}\``)]),
        ...Object.keys(system.stores),
        ...system.secrets.map((one) => `\`${one.name}\``),
        ...system.volumes.map((one) => `\`${one.name}\``),
        ...system.alerts.map((one) => one.name),
        ...system.backups.flatMap((one) => one.schedules.map((schedule) => `\`${schedule.cron}\``)),
    ];
    for (const part of parts) expect(section, part).toContain(part);
});
