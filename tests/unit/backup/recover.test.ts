import type * as Os from "node:os";

import { expect, test, vi } from "vitest";

import { recover } from "../../../packages/backup/src/stores/postgres/recover";
import { temporary } from "../../temporary";

/** No root: of that a server could not be started. */
vi.mock("node:os", async (original) => {
    const os = await original<typeof Os>();
    return { ...os, userInfo: () => ({ ...os.userInfo(), uid: 999 }) };
});

test("files that no server here can open are not fetched", async () => {
    const scratch = temporary("recover");
    const source = { manifest: { details: { major: "8" } }, fetch: vi.fn(), readText: vi.fn() };
    const fetchLog = vi.fn();
    const recovery = { source, fetchLog, directory: `${scratch}/recovered`, exact: false, user: "u", database: "d" };
    await expect(recover({ ...recovery, scratch } as never, () => Promise.resolve())).rejects.toThrow(
        "this image has no server of Postgres 8",
    );
    expect([source.fetch, fetchLog].flatMap(({ mock }) => mock.calls)).toEqual([]);
});
