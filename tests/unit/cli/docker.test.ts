import { describe, expect, it } from "vitest";

import { reachDocker } from "../../../packages/cli/src/docker/client";
import { isNotFound } from "../../../packages/cli/src/docker/errors";
import { FailedError } from "../../../packages/cli/src/errors";

describe("a Docker engine that does not answer", () => {
    it.each([
        ["unix:///nonexistent/a. Start it.sock", "there is no such socket", "systemctl start docker"],
        ["tcp://127.0.0.1:1", "nothing listens there", "Check that you can reach the host"],
    ])("is told as a whole sentence, with a remedy that fits: %s", async (host, why, remedy) => {
        const error = await reachDocker(host).then(
            () => undefined,
            (thrown: unknown) => thrown as FailedError,
        );
        expect(error).toBeInstanceOf(FailedError);
        expect(error!.message).toBe(`The Docker engine at ${host} does not answer: ${why}.`);
        expect(error!.hint).toContain(remedy);
    });
});

describe("what the Docker engine has not", () => {
    it.each([
        [{ statusCode: 404 }, true],
        [{ statusCode: 409 }, false],
        [new Error("socket hang up"), false],
    ])("%j: %s", (error, missing) => expect(isNotFound(error)).toBe(missing));
});
