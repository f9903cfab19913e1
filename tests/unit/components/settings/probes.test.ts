import { expect, test } from "vitest";

import { waitSeconds } from "../../../../components/settings/probes";
import { PROBE } from "../fixtures";

test("it waits as long as a probe may take to say no", () => {
    expect(waitSeconds(PROBE)).toBe(30 + 3 * 15 + 30);
});
