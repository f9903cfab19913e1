import { afterEach, describe, expect, it, vi } from "vitest";

import { buildProgram } from "../../../packages/cli/src/command-line";
import { asCalled, calledAs, repeatInCommands, stackFlag } from "../../../packages/cli/src/words";

afterEach(() => {
    vi.unstubAllEnvs();
    repeatInCommands({});
});

describe("commands in messages", () => {
    it("name gw as it was called, every command of it", () => {
        vi.stubEnv("GW_COMMAND", "./gw");
        const { command } = buildProgram();
        for (const { name } of command.commands.map((each) => ({ name: each.name() })))
            expect(asCalled(`See "gw ${name}".`)).toBe(`See "./gw ${name}".`);
    });

    it("leave alone what only looks like one", () => {
        vi.stubEnv("GW_COMMAND", "../gw");
        for (const text of ["which gw cannot ask", "./gw up", "/opt/gw status", "gw-dev-up", "gw reports it"])
            expect(asCalled(text)).toBe(text);
    });

    it("can be copied where the path has blanks", () => {
        vi.stubEnv("GW_COMMAND", "/home/jo doe/gw");
        expect(asCalled("gw up brings it up.")).toBe("'/home/jo doe/gw' up brings it up.");
        vi.stubEnv("GW_COMMAND", undefined);
        expect(calledAs()).toBe("gw");
    });

    it("are about the project and run on the engine that this one was given", () => {
        vi.stubEnv("GW_COMMAND", "./gw");
        repeatInCommands({ cwd: "../my stacks", engine: "embedded" });
        expect(asCalled('"gw logs --stack mine" and "gw config set --stack mine a b" and gw stack ls; gw state')).toBe(
            `"./gw logs --cwd '../my stacks' --engine embedded --stack mine" and ` +
                `"./gw config set --cwd '../my stacks' --engine embedded --stack mine a b" and ` +
                `./gw stack ls --cwd '../my stacks'; ./gw state`,
        );
    });

    it("are about another project where they say so", () => {
        vi.stubEnv("GW_COMMAND", "./gw");
        repeatInCommands({ cwd: "here" });
        expect(asCalled('"gw state export --cwd <that directory>", then "gw state import"')).toBe(
            '"./gw state export --cwd <that directory>", then "./gw state import --cwd here"',
        );
    });

    it("take those options, each of them", () => {
        repeatInCommands({ cwd: "there", engine: "embedded" });
        type Command = ReturnType<typeof buildProgram>["command"];
        const leaves = (command: Command, path: string): { path: string; command: Command }[] =>
            command.commands.length === 0
                ? [{ path, command }]
                : command.commands.flatMap((each) => leaves(each, `${path} ${each.name()}`));
        for (const { path, command } of leaves(buildProgram().command, "gw")) {
            const named = command.options.map(({ long }) => long).filter((long) => /^--(cwd|engine)$/.test(long ?? ""));
            const repeated = asCalled(path).match(/--\w+/g);
            expect(repeated, path).toEqual(named);
        }
    });

    it("name the stack, but for the default one", () => {
        expect(stackFlag({ stack: { name: "dev" } })).toBe("");
        expect(stackFlag({ stack: { name: "mine" } })).toBe(" --stack mine");
        const substituted = { system: "opshub", environment: "prod" } as const;
        expect(stackFlag({ stack: { name: "opshub-prod", substituted } })).toBe(" --system opshub --env prod");
    });
});
