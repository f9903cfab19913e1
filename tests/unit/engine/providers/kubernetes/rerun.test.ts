/** Whether a Job that was not ready runs again, by what an API server that answers as told says of it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../../../packages/engine/src/providers/kubernetes";
import { contextOf, KUBECONFIG } from "./context";

const JOB = "/apis/batch/v1/namespaces/team/jobs/migrate-1";
const PATH = 'metadata.annotations["pulumi.com/replaceUnready"]';
const ANNOTATION = { "pulumi.com/replaceUnready": "true" };
const AUTONAMED = { "pulumi.com/autonamed": "true" };
const NOTHING = { changed: false, replaces: [], deleteBeforeReplace: false, detailed: {} };

const status = (type: string): PropertyMap => ({
    conditions: [{ type, status: "True", reason: "BackoffLimitExceeded" }],
});

let server: Server;
let url: string;
let asked: string[];
/** The Job's status. Undefined: there is no such Job. */
let live: PropertyMap | undefined;

beforeEach(async () => {
    asked = [];
    live = {};
    server = createServer((request, response) => {
        const path = request.url!.split("?")[0]!;
        asked.push(`${request.method} ${path}`);
        const kinds = path === "/apis/batch/v1" && { resources: [{ name: "jobs", kind: "Job", namespaced: true }] };
        const job = path === JOB && live && { kind: "Job", metadata: { name: "migrate-1" }, status: live };
        response.writeHead(kinds || job ? 200 : 404);
        response.end(JSON.stringify(kinds || job || { kind: "Status", reason: "NotFound" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
    server.closeAllConnections();
    server.close();
});

interface Case {
    annotations?: Record<string, string>;
    initErrors?: string[];
    recorded?: PropertyMap;
    at?: string;
}

function diff({ annotations = { ...ANNOTATION, ...AUTONAMED }, initErrors = ["it failed"], recorded = {}, at }: Case) {
    const kubeconfig = KUBECONFIG.replace('"https://127.0.0.1:1"', `"${at ?? url}","insecure-skip-tls-verify":true`);
    const ctx = contextOf("batch/v1:Job", { config: { kubeconfig } });
    const inputs = { metadata: { name: "migrate-1", namespace: "team", annotations }, spec: { completions: 1 } };
    const olds = { inputs, outputs: { ...inputs, status: recorded }, initErrors };
    return provider.diff(ctx, "team/migrate-1", olds, structuredClone(inputs)).then((result) => ({ result, ctx }));
}

describe("a Job that was not ready, and is to be what it was", () => {
    it.each(["Failed", "FailureTarget"])("is replaced once it is %s, and says why", async (type) => {
        live = status(type);
        const { result, ctx } = await diff({});
        expect(result).toEqual({ ...NOTHING, changed: true, replaces: [PATH] });
        expect(ctx.messages).toEqual([
            "Job team/migrate-1 failed (BackoffLimitExceeded): it is replaced, so that it runs again",
        ]);
        expect(asked.at(-1)).toBe(`GET ${JOB}`);
    });

    it("goes before its successor comes where the program gave it its name", async () => {
        live = status("Failed");
        expect((await diff({ annotations: ANNOTATION })).result).toMatchObject({
            replaces: [PATH],
            deleteBeforeReplace: true,
        });
    });

    it.each<[string, PropertyMap | undefined]>([
        ["runs", {}],
        ["has completed since", status("Complete")],
        ["is gone", undefined],
    ])("is not replaced where it %s, whatever is recorded", async (_title, now) => {
        live = now;
        expect((await diff({ recorded: status("Failed") })).result).toEqual(NOTHING);
        expect(asked).toContain(`GET ${JOB}`);
    });

    it("is replaced by what is recorded where the cluster does not answer", async () => {
        const nowhere = "https://127.0.0.1:1";
        expect((await diff({ recorded: status("Failed"), at: nowhere })).result.replaces).toEqual([PATH]);
        expect((await diff({ recorded: {}, at: nowhere })).result).toEqual(NOTHING);
    });

    it("is waited for as it is without the annotation", async () => {
        live = status("Failed");
        expect((await diff({ annotations: AUTONAMED })).result).toEqual(NOTHING);
        expect(asked).toEqual([]);
    });
});

it("a Job that was ready is no reason to ask the cluster", async () => {
    live = status("Failed");
    expect((await diff({ initErrors: [] })).result).toEqual(NOTHING);
    expect(asked).toEqual([]);
});
