import { writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { type Cluster, reachCluster } from "../../../../packages/cli/src/kubernetes/client";
import { isBroken } from "../../../../packages/cli/src/kubernetes/errors";
import { temporary } from "../fixtures";

type Answer = (response: ServerResponse) => void;

const json =
    (status: number, body: object): Answer =>
    (response) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const reset: Answer = (response) => void response.socket?.resetAndDestroy();
const halved: Answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"kind":', () => response.socket?.resetAndDestroy());
};

function kubeconfig(server: string): void {
    const file = join(temporary(), "kubeconfig");
    const named = { name: "test" };
    const text = {
        clusters: [{ ...named, cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ ...named, user: {} }],
        contexts: [{ ...named, context: { cluster: "test", user: "test" } }],
        "current-context": "test",
    };
    writeFileSync(file, JSON.stringify(text));
    vi.stubEnv("KUBECONFIG", file);
    onTestFinished(() => void vi.unstubAllEnvs());
}

/** A cluster that was reached, and then answers so. @returns what has been asked of it since */
async function cluster(...answers: Answer[]): Promise<{ cluster: Cluster; asked: string[] }> {
    const asked: string[] = [];
    const all = [json(200, { major: "1", minor: "34" }), ...answers];
    const server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        all.shift()!(response);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => {
        server.closeAllConnections();
        server.close();
    });
    kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const reached = await reachCluster(undefined);
    asked.length = 0;
    return { cluster: reached, asked };
}

describe("a read of a cluster that has answered before", () => {
    const namespace = json(200, { kind: "Namespace", metadata: { name: "n" } });

    it.each([
        ["a refusal that passes", json(503, { message: "the server is starting" })],
        ["a connection that breaks", reset],
        ["an answer that breaks off", halved],
    ])("is tried again after %s", async (_what, answer) => {
        const { cluster: one, asked } = await cluster(answer, namespace);
        expect((await one.core.readNamespace({ name: "n" })).metadata?.name).toBe("n");
        expect(asked).toEqual(["GET /api/v1/namespaces/n", "GET /api/v1/namespaces/n"]);
    });

    it("is not tried again where the answer will be the same", async () => {
        const { cluster: one, asked } = await cluster(json(404, { message: "gone" }));
        await expect(one.core.readNamespace({ name: "n" })).rejects.toMatchObject({ code: 404 });
        expect(asked).toHaveLength(1);
    });

    it("does not wait for a server of metrics", async () => {
        const { cluster: one, asked } = await cluster(json(503, { message: "the server is unable" }));
        const list = { group: "metrics.k8s.io", version: "v1beta1", plural: "nodes" };
        await expect(one.custom.listClusterCustomObject(list)).rejects.toMatchObject({ code: 503 });
        expect(asked).toHaveLength(1);
    });
});

describe("what is to change a cluster", () => {
    it.each([
        ["a refusal", json(503, {})],
        ["a connection that breaks", reset],
    ])("is said once, also after %s", async (_what, answer) => {
        const { cluster: one, asked } = await cluster(answer);
        await expect(one.core.createNamespace({ body: { metadata: { name: "n" } } })).rejects.toThrow();
        expect(asked).toEqual(["POST /api/v1/namespaces"]);
    });
});

describe("a cluster that is not there", () => {
    it("is told at once", async () => {
        kubeconfig("http://127.0.0.1:1");
        const from = Date.now();
        await expect(reachCluster(undefined)).rejects.toThrow(
            "The cluster at http://127.0.0.1:1 (context test) does not answer: nothing listens there.",
        );
        expect(Date.now() - from).toBeLessThan(5000);
    });
});

describe("a request without an answer", () => {
    it.each([
        [Object.assign(new Error("x"), { code: "ECONNREFUSED" }), true],
        [Object.assign(new Error("x"), { name: "AbortError" }), true],
        [Object.assign(new Error("x"), { code: "ENOTFOUND" }), false],
        [Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }), false],
    ])("may have one in a moment: %j, %s", (error, broken) => expect(isBroken(error)).toBe(broken));
});
