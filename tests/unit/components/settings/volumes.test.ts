import { expect, test } from "vitest";

import { resolveVolume } from "../../../../components/settings/volumes";
import { SYSTEMS } from "../../../../systems";
import { stackConfig, thrown } from "../fixtures";

const debtOs = SYSTEMS["debt-os"];

test("a volume has the stack's size where it gives one", () => {
    const config = stackConfig("debt-os", { volumes: { repos: { sizeMiB: 7 } } });
    expect(resolveVolume("repos", debtOs, config)).toEqual({
        name: "repos",
        sizeMiB: 7,
        stateful: false,
        shared: true,
    });
    expect(resolveVolume("postgres-data", debtOs, config).sizeMiB).toBe(2048);
    expect(thrown(() => resolveVolume("nowhere", debtOs, config)).message).toContain('the volume "nowhere"');
});
