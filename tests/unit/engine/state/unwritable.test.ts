/** A state directory that takes nothing any more: full, or read-only. Written to /dev/full, which is always full. */
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type State, StateStore } from "../../../../packages/engine/src/state/store";
import { failure, PASSPHRASE, SALT, temporaryDir } from "../../../fixtures/engine/harness";

const options = (dir: string) => ({ dir, stack: "dev", passphrase: PASSPHRASE, salt: SALT });

function state(name: string): State {
    const type = "test:index:Thing";
    return {
        urn: `urn:pulumi:dev::test::${type}::${name}`,
        type,
        custom: true,
        id: name,
        inputs: {},
        outputs: {},
    } as State;
}

/** Journal of a store whose next bytes do not fit. */
async function withFullJournal(dir: string): Promise<StateStore> {
    const run = await StateStore.open(options(dir));
    symlinkSync("/dev/full", join(dir, "dev.journal"));
    return run;
}

describe("a state that cannot be written", () => {
    it("is told with what to do, and each step after it is refused", async () => {
        const run = await withFullJournal(temporaryDir());
        for (const name of ["a", "b"]) {
            const error = await failure(run.begin("creating", state(name)));
            expect(error).toMatchObject({
                name: "StateError",
                message: expect.stringMatching(/cannot be written: ENOSPC.*dev\.journal/) as string,
                hint: expect.stringContaining("Make room there") as string,
            });
        }
    });

    it("ends no process where nobody waits for it, and what it could not record is saved at the end", async () => {
        const dir = temporaryDir();
        const run = await withFullJournal(dir);
        run.commit({ put: [{ state: state("made") }] });
        await failure(run.begin("creating", state("next")));
        rmSync(join(dir, "dev.journal"));
        await run.close();
        const next = await StateStore.read(options(dir));
        expect([...next.rows.values()].map((row) => row.state.id)).toEqual(["made"]);
        expect([...next.pending.values()].map((operation) => operation.state.id)).toEqual(["next"]);
    });

    it("leaves no half of a snapshot behind, and the one before as it was", async () => {
        const dir = temporaryDir();
        const run = await StateStore.open(options(dir));
        run.commit({ put: [{ state: state("a") }] });
        await run.close();
        const before = readFileSync(join(dir, "dev.json"), "utf8");
        const next = await StateStore.open(options(dir));
        next.commit({ put: [{ state: state("b") }] });
        symlinkSync("/dev/full", join(dir, "dev.json.tmp"));
        expect(await failure(next.close())).toMatchObject({ name: "StateError" });
        expect(readFileSync(join(dir, "dev.json"), "utf8")).toBe(before);
        expect(existsSync(join(dir, "dev.json.tmp"))).toBe(false);
        const again = await StateStore.read(options(dir));
        expect([...again.rows.values()].map((row) => row.state.id)).toEqual(["a", "b"]);
    });

    it("is told where the directory cannot be made", () => {
        const file = join(temporaryDir(), "file");
        writeFileSync(file, "");
        expect(() => StateStore.prepareDirectory(join(file, "state"))).toThrow(/cannot be written: ENOTDIR/);
    });
});
