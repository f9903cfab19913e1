/** `docs/systems.md` against the data that it is written from. */
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { SYSTEMS } from "../../../systems";
import { PAGE, systemsPage } from "../../../systems/page";

test("docs/systems.md is fresh; `npx tsx systems/page.ts` makes it so", async () => {
    expect(readFileSync(PAGE, "utf8")).toBe(await systemsPage());
});

test.each(Object.values(SYSTEMS))("the page names every part of $key", async (system) => {
    const page = await systemsPage();
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
