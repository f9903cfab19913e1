import { afterEach, describe, expect, it, vi } from "vitest";

import { buildProgram } from "../../../packages/cli/src/program";
import { asCalled, calledAs, stackFlag } from "../../../packages/cli/src/words";

afterEach(() => vi.unstubAllEnvs());

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

    it("name the stack, but for the default one", () => {
        expect(stackFlag({ stack: { name: "dev" } })).toBe("");
        expect(stackFlag({ stack: { name: "mine" } })).toBe(" --stack mine");
        const substituted = { system: "opshub", environment: "prod" } as const;
        expect(stackFlag({ stack: { name: "opshub-prod", substituted } })).toBe(" --system opshub --env prod");
    });
});
