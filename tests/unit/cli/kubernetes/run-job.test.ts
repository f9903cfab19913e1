import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import type { Cluster } from "../../../../packages/cli/src/kubernetes/client";
import { watchJob } from "../../../../packages/cli/src/kubernetes/run-job";

const said = (text: string): string => `2026-11-24T02:00:00Z ${text}\n`;
const whole: (response: ServerResponse) => void = (response) =>
    response.end(said('{"level":30,"msg":"begins"}') + said('{"level":40,"msg":"is late"}') + said("the answer"));
const broken: (response: ServerResponse) => void = (response) =>
    response.write(`${said('{"level":30,"msg":"begins"}')}2026-11-24T02:00:00Z {"level":40,"ms`, () =>
        response.socket?.resetAndDestroy(),
    );

/** A cluster whose Job has ended well, and whose logs are answered so, in turn. */
async function cluster(...answers: ((response: ServerResponse) => void)[]): Promise<Cluster> {
    const server = createServer((_, response) => answers.shift()!(response));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => void server.close());
    const pod = {
        metadata: { name: "restore-1" },
        spec: { containers: [{ name: "restore" }] },
        status: { containerStatuses: [{ name: "restore", state: { terminated: { exitCode: 0 } } }] },
    };
    return {
        server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        config: { applyToHTTPSOptions: () => Promise.resolve() },
        client: { setHeaderOptions: () => ({}) },
        batch: { patchNamespacedJob: () => Promise.resolve({}) },
        core: {
            listNamespacedPod: () => Promise.resolve({ items: [pod] }),
            readNamespacedPod: () => Promise.resolve(pod),
        },
    } as unknown as Cluster;
}

const job = { name: "restore", namespace: "dev" };

it("a Job's answer is its whole log, also where the connection breaks in the middle of a line", async () => {
    const seen: string[] = [];
    const outcome = await watchJob(await cluster(broken, whole), job, ({ message }) => seen.push(message));
    expect(outcome).toEqual({ exitCode: 0, lines: ["the answer"] });
    expect(seen).toEqual(["begins"]);
});

it("a Job's progress is told as it comes, once", async () => {
    const seen: string[] = [];
    const outcome = await watchJob(await cluster(whole, whole), job, ({ message }) => seen.push(message));
    expect(outcome.lines).toEqual(["the answer"]);
    expect(seen).toEqual(["begins", "is late"]);
});
