import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";
import { expect, it, vi } from "vitest";

import { importRootfs } from "../../../../packages/cli/src/images/rootfs";
import { temporary } from "../fixtures";

/** Child processes of this one. */
const children = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length;

it("an import that the engine refuses leaves no tar behind that waits for its reader", async () => {
    const root = temporary();
    // More than a pipe holds.
    writeFileSync(join(root, "large"), Buffer.alloc(1 << 20));
    const before = children();
    const importImage = vi.fn(() => Promise.reject(new Error("no space left on device")));
    const docker = { importImage } as unknown as Docker;
    await expect(importRootfs(docker, root, "groundwork.local/rootfs:1")).rejects.toThrow("no space left on device");
    // Fewer than before are left where one of an earlier test has ended meanwhile.
    await expect.poll(children).toBeLessThanOrEqual(before);
});
