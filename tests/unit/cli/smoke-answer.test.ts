import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { runCheck } from "../../../packages/cli/src/smoke/check";
import { checksOf } from "../../../packages/cli/src/smoke/checks";
import { EdgeClient } from "../../../packages/cli/src/smoke/edge";
import { systemOf } from "../../../systems";
import { REPOSITORY } from "./fixtures";

const HOST = "platform.example.com";
const pem = (name: string): string => readFileSync(join(REPOSITORY, "tests/fixtures/tls", name), "utf8");
const system = systemOf("project-manager");
let close = (): void => undefined;

afterEach(() => close());

/**
 * Runs the health check against an edge that leaves its first requests without an answer.
 * @returns how it ended, and how often it was asked
 */
async function check(unanswered: number, timeoutMs: number, status = 200) {
    let asked = 0;
    const server = createServer({ cert: pem("fullchain.pem"), key: pem("privkey.pem") }, (_request, response) => {
        asked += 1;
        if (asked <= unanswered) return;
        response.writeHead(status).end(JSON.stringify(system.smoke.health.expect));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    close = () => {
        server.closeAllConnections();
        server.close();
    };
    const { port } = server.address() as AddressInfo;
    const ca = pem("fullchain.pem");
    const edge = new EdgeClient({ address: "127.0.0.1", httpPort: 1, httpsPort: port, ca, timeoutMs });
    const context = { system, config: { domain: HOST }, edge, timeoutMs } as Parameters<typeof checksOf>[0];
    const outcome = await runCheck(checksOf(context)[0]!);
    return { ...outcome, asked };
}

describe("a smoke check that gets no answer", () => {
    it("asks a second time, since a cluster may drop what comes for a pod's first seconds", async () => {
        expect(await check(1, 2_500)).toMatchObject({ name: "health (backend)", status: "passed", asked: 2 });
    });

    it("fails with the address when there is none to the second either", async () => {
        const outcome = await check(2, 1_500);
        expect(outcome).toMatchObject({ status: "failed", asked: 2 });
        expect(outcome.detail).toMatch(/^https:\/\/platform\.example\.com:\d+\/health: no answer within 1\.5 s$/);
    });

    it("takes an answer for what it is, whatever it says", async () => {
        expect(await check(0, 60_000, 503)).toMatchObject({ status: "failed", asked: 1 });
    });
});
