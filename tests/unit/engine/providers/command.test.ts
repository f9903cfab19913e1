import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { PropertyMap, ProviderContext } from "../../../../packages/engine/src/provider";
import { commandProvider } from "../../../../packages/engine/src/providers/command";
import { SEED, contextOf } from "./context";

const TYPE = "command:local:Command";
let dir = "";

beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function create(news: PropertyMap, extra: Partial<ProviderContext> = {}) {
    const ctx = contextOf(TYPE, extra);
    const { inputs, failures } = await commandProvider.check(ctx, undefined, news, SEED);
    expect(failures).toEqual([]);
    const made = await commandProvider.create(ctx, inputs);
    return { ctx, inputs, ...made };
}

async function messageOf(action: Promise<unknown>): Promise<string> {
    return action.then(
        () => "it did not fail",
        (error: Error) => error.message,
    );
}

describe("a command", () => {
    it("runs at creation, with its directory, environment and input", async () => {
        const { ctx, id, outputs } = await create({
            create: `pwd; echo "$GREETING"; cat; echo oops >&2`,
            dir,
            environment: { GREETING: "hello" },
            stdin: "from stdin",
        });
        expect(id).toMatch(/^thing[0-9a-f]{8}$/);
        expect(outputs.stdout).toBe(`${dir}\nhello\nfrom stdin`);
        expect(outputs.stderr).toBe("oops");
        expect(ctx.messages).toContain(dir);
    });

    it("hands its output to the next one, which runs at update and deletion", async () => {
        const made = await create({
            create: "echo one",
            update: `echo "after $PULUMI_COMMAND_STDOUT"`,
            delete: `echo "$PULUMI_COMMAND_STDOUT" > ${dir}/deleted`,
        });
        const { outputs } = await commandProvider.update(made.ctx, made.id, made, made.inputs);
        expect(outputs.stdout).toBe("after one");
        await commandProvider.delete(made.ctx, made.id, { inputs: made.inputs, outputs });
        expect(readFileSync(join(dir, "deleted"), "utf8")).toBe("after one\n");
    });

    it("keeps its output to itself when asked to", async () => {
        const made = await create({
            create: "echo one",
            update: `echo "after <$PULUMI_COMMAND_STDOUT>"`,
            addPreviousOutputInEnv: false,
        });
        expect((await commandProvider.update(made.ctx, made.id, made, made.inputs)).outputs.stdout).toBe("after <>");
    });

    it("without an update command runs the one for creation again, and without any does nothing", async () => {
        const made = await create({ create: `echo x >> ${dir}/runs` });
        await commandProvider.update(made.ctx, made.id, made, made.inputs);
        expect(readFileSync(join(dir, "runs"), "utf8")).toBe("x\nx\n");
        const idle = await create({});
        expect(idle.outputs).toEqual({ stdout: "", stderr: "" });
        await commandProvider.delete(idle.ctx, idle.id, idle);
    });

    it("is run by the interpreter that is given", async () => {
        const { outputs } = await create({ create: "console.log(6 * 7)", interpreter: [process.execPath, "-e"] });
        expect(outputs.stdout).toBe("42");
    });

    it("that fails says how, with its last lines, and shows no value of its environment or input", async () => {
        const message = await messageOf(
            create({
                create: `for i in $(seq 1 50); do echo "line $i"; done; echo "token is $TOKEN"; cat >&2; exit 3`,
                environment: { TOKEN: "canary-aaaa" },
                stdin: "canary-bbbb\n",
            }),
        );
        expect(message).toContain("The create command ended with exit code 3");
        expect(message).toContain("line 50");
        expect(message).not.toContain("line 10\n");
        expect(message).toContain("token is [hidden]");
        expect(message).not.toContain("canary");
    });

    it("logs what is asked for, and hides the same values", async () => {
        const { ctx } = await create({
            create: "echo $TOKEN; echo quiet >&2",
            logging: "stdout",
            environment: { TOKEN: "canary-aaaa" },
        });
        expect(ctx.messages).toEqual(["[hidden]"]);
    });

    it("that cannot be started names its interpreter and directory", async () => {
        expect(await messageOf(create({ create: "x", interpreter: ["/no/such/shell"] }))).toContain("/no/such/shell");
        expect(await messageOf(create({ create: "x", dir: "/no/such/dir" }))).toContain("/no/such/dir");
    });

    it("is stopped with the run, and with it what it started", async () => {
        const abort = new AbortController();
        const command = `(touch ${dir}/begun; sleep 600) & wait`;
        const running = messageOf(create({ create: command, dir }, { signal: abort.signal }));
        await expect.poll(() => existsSync(join(dir, "begun"))).toBe(true);
        abort.abort();
        // It ends when all that has its output open has.
        expect(await running).toContain("was stopped with the run");
    });

    it("is updated by any change of its inputs", async () => {
        const { ctx, id, inputs, outputs } = await create({ create: "true", triggers: ["a", 1] });
        const diff = (news: PropertyMap) => commandProvider.diff(ctx, id, { inputs, outputs }, news);
        expect((await diff(inputs)).changed).toBe(false);
        expect(await diff({ ...inputs, triggers: ["b", 1] })).toMatchObject({
            detailed: { "triggers[0]": "update" },
            replaces: [],
        });
        expect((await diff({ ...inputs, environment: { A: "b" } })).detailed).toEqual({ environment: "add" });
        expect((await diff({ create: "true" })).detailed).toEqual({ triggers: "delete" });
    });

    it.each<[PropertyMap, string, string]>([
        [{ creat: "x" }, "creat", `"create"`],
        [{ create: 1 }, "create", "must be a string, not 1"],
        [{ logging: "loud" }, "logging", "must be one of"],
        [{ environment: { A: 1 } }, "environment.A", "must be a string"],
        [{ assetPaths: ["*"] }, "assetPaths", "not supported by the embedded engine"],
    ])("refuses %j", async (news, property, reason) => {
        const { failures } = await commandProvider.check(contextOf(TYPE), undefined, news, SEED);
        expect(failures.map((failure) => failure.property)).toEqual([property]);
        expect(failures[0]!.reason).toContain(reason);
    });
});
