import { expect, test } from "vitest";

import { asText } from "../../../../packages/cli/src/policy/text";
import { PLAIN } from "../../../../packages/cli/src/ui/style";
import { judged, pod } from "./judged";

test("names of others move no cursor of a terminal, and begin no line of it", () => {
    const text = asText(judged({ "pod.yaml": pod("a\u001b[2J\u0007\r\n::error::b") }), PLAIN);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F]|^::/m);
    expect(text).toContain("Pod/shop/a ::error::b: ");
});
