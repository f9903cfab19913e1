/** What a deletion asks of an API server. Cannot prove: what a garbage collector makes of it; see tests/e2e/kubernetes. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { deleteObject } from "../../../../../packages/engine/src/providers/kubernetes/remove";
import { contextOf, KUBECONFIG } from "./context";

const RESOURCES = {
    "/api/v1": [
        { name: "configmaps", kind: "ConfigMap", namespaced: true },
        { name: "services", kind: "Service", namespaced: true },
    ],
    "/apis/apps/v1": [{ name: "deployments", kind: "Deployment", namespaced: true }],
    "/apis/example.com/v1": [{ name: "widgets", kind: "Widget", namespaced: true }],
} as Record<string, object[]>;

let server: Server;
let deleted: { path: string; propagationPolicy: string }[];

beforeEach(async () => {
    deleted = [];
    server = createServer((request, response) => {
        let text = "";
        request.on("data", (chunk: Buffer) => (text += chunk.toString()));
        request.on("end", () => {
            const path = request.url!.split("?")[0]!;
            const resources = RESOURCES[path];
            if (request.method === "DELETE") {
                const { propagationPolicy } = JSON.parse(text) as { propagationPolicy: string };
                deleted.push({ path, propagationPolicy });
            }
            response.writeHead(resources || request.method === "DELETE" ? 200 : 404);
            response.end(JSON.stringify(resources ? { resources } : { kind: "Status", reason: "NotFound" }));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
    server.closeAllConnections();
    server.close();
});

async function policyOf(type: string, annotations: Record<string, string> = {}): Promise<string> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kubeconfig = KUBECONFIG.replace('"https://127.0.0.1:1"', `"${url}","insecure-skip-tls-verify":true`);
    const inputs = { metadata: { name: "one", namespace: "team", annotations } };
    await deleteObject(contextOf(type, { config: { kubeconfig } }), "team/one", { inputs, outputs: {} });
    expect(deleted).toHaveLength(1);
    expect(deleted[0]!.path).toMatch(/\/namespaces\/team\/\w+\/one$/);
    return deleted[0]!.propagationPolicy;
}

describe("a deletion", () => {
    it.each(["apps/v1:Deployment", "core/v1:Service", "example.com/v1:Widget"])(
        "waits for what belongs to a %s",
        async (type) => expect(await policyOf(type)).toBe("Foreground"),
    );

    it("does not queue at the garbage collector for what nothing belongs to", async () => {
        expect(await policyOf("core/v1:ConfigMap")).toBe("Background");
    });

    it.each([
        ["orphan", "apps/v1:Deployment", "Orphan"],
        ["Background", "apps/v1:Deployment", "Background"],
        ["foreground", "core/v1:ConfigMap", "Foreground"],
        ["of no kind", "apps/v1:Deployment", "Foreground"],
    ])("is done as the object's annotation says: %s of %s", async (asked, type, policy) => {
        expect(await policyOf(type, { "pulumi.com/deletionPropagationPolicy": asked })).toBe(policy);
    });
});
