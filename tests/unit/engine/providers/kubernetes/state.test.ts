import { describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../../../packages/engine/src/provider";
import { merged } from "../../../../../packages/engine/src/providers/kubernetes/managers";
import type { KubeObject } from "../../../../../packages/engine/src/providers/kubernetes/object";
import { inputsOf, outputsOf, toServer } from "../../../../../packages/engine/src/providers/kubernetes/state";

const RECORDED = { initialApiVersion: "v1", fieldManager: "pulumi-kubernetes-1" };

function live(more: PropertyMap = {}): KubeObject {
    return {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
            name: "a",
            namespace: "n",
            uid: "u",
            resourceVersion: "7",
            annotations: { "dev.groundwork/urn": "urn:x", own: "1" },
        },
        ...more,
    } as KubeObject;
}

describe("what is recorded", () => {
    it("is the object and its inputs, without this engine's own mark", () => {
        const inputs = { metadata: { name: "a" } };
        expect(outputsOf(live(), inputs, RECORDED)).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", namespace: "n", uid: "u", resourceVersion: "7", annotations: { own: "1" } },
            __inputs: inputs,
            __initialApiVersion: "v1",
            __fieldManager: "pulumi-kubernetes-1",
        });
    });

    it("has of a Secret no copy of its data in an annotation", () => {
        const secret = live({
            kind: "Secret",
            metadata: {
                name: "a",
                uid: "u",
                annotations: { "kubectl.kubernetes.io/last-applied-configuration": "canary" },
            },
        });
        expect(JSON.stringify(outputsOf(secret, {}, RECORDED))).not.toContain("canary");
    });

    it("is read back in the shape of what was asked for", () => {
        const found = live({
            spec: { replicas: 3, chosen: "by the server", list: [{ a: 1, b: 2 }, { injected: true }] },
        });
        const olds = { metadata: { name: "a", annotations: { own: "0" } }, spec: { replicas: 1, list: [{ a: 0 }] } };
        expect(inputsOf(found, olds)).toEqual({
            metadata: { name: "a", annotations: { own: "1" } },
            spec: { replicas: 3, list: [{ a: 1 }] },
        });
    });

    it("is read whole where nothing was asked for, without what is the server's", () => {
        expect(inputsOf(live({ data: { a: "1" }, status: { x: 1 } }), undefined)).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", namespace: "n", annotations: { own: "1" } },
            data: { a: "1" },
        });
    });

    it("has names that a program can write, and the server its own", () => {
        const schema = { type: "object", x_kubernetes_int_or_string: true, x_other: 1 };
        const server = toServer({ spec: { schema } });
        expect(server).toEqual({
            spec: { schema: { type: "object", "x-kubernetes-int-or-string": true, x_other: 1 } },
        });
        expect(outputsOf(live(server), {}, RECORDED).spec).toEqual({ schema });
    });
});

describe("field managers", () => {
    it("take over what the real provider held before its first server-side apply, and nothing of others", () => {
        const object = live();
        object.metadata.managedFields = [
            { manager: "pulumi-kubernetes", operation: "Update", fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } } },
            { manager: "mine", operation: "Apply", fieldsV1: { "f:data": { "f:c": {} }, "f:metadata": {} } },
            { manager: "kubectl-edit", operation: "Update", fieldsV1: { "f:data": { "f:d": {} } } },
            { manager: "pulumi-kubernetes", operation: "Update", subresource: "status", fieldsV1: {} },
        ];
        const result = merged(object, "mine");
        expect(result.map(({ manager, operation, subresource }) => [manager, operation, subresource])).toEqual([
            ["kubectl-edit", "Update", undefined],
            ["pulumi-kubernetes", "Update", "status"],
            ["mine", "Apply", undefined],
        ]);
        expect(result[2]!.fieldsV1).toEqual({ "f:data": { "f:a": {}, "f:b": {}, "f:c": {} }, "f:metadata": {} });
    });
});
