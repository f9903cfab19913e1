import { createRequire } from "node:module";

import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import type * as struct from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";

import { duration, readGoal } from "../../../packages/engine/src/goal";

const require = createRequire(__filename);
const { RegisterResourceRequest } = require("@pulumi/pulumi/proto/resource_pb") as typeof resource;
const { Struct, Value } = require("google-protobuf/google/protobuf/struct_pb") as typeof struct;

function request(): resource.RegisterResourceRequest {
    return new RegisterResourceRequest()
        .setType("a:b:C")
        .setName("n")
        .setCustom(true)
        .setObject(Struct.fromJavaScript({ x: 1 }));
}

describe("a request", () => {
    it("is read with all its options", () => {
        const timeouts = new RegisterResourceRequest.CustomTimeouts().setCreate("1m30s");
        const message = request()
            .setProtect(true)
            .setDependenciesList(["u2", "u1"])
            .setCustomtimeouts(timeouts)
            .setDeletebeforereplace(true);
        message
            .getPropertydependenciesMap()
            .set("x", new RegisterResourceRequest.PropertyDependencies().setUrnsList(["u2", "u1"]));
        const sent = RegisterResourceRequest.deserializeBinary(message.serializeBinary());
        expect(readGoal(sent, "/")).toMatchObject({
            inputs: { x: 1 },
            protect: true,
            retainOnDelete: undefined,
            dependencies: ["u1", "u2"],
            propertyDependencies: { x: ["u1", "u2"] },
            customTimeouts: { create: 90 },
            // Only counts when it is said to be defined.
            deleteBeforeReplace: undefined,
        });
    });

    it.each<[string, (message: resource.RegisterResourceRequest) => unknown]>([
        ["remote", (m) => m.setRemote(true)],
        ["hooks", (m) => m.setHooks(new RegisterResourceRequest.ResourceHooksBinding().setBeforeCreateList(["h"]))],
        ["replaceWith", (m) => m.setReplaceWithList(["u"])],
        ["replacementTrigger", (m) => m.setReplacementTrigger(Value.fromJavaScript("x"))],
        ["hideDiffs", (m) => m.setHidediffsList(["x"])],
        ["envVarMappings", (m) => m.getEnvvarmappingsMap().set("A", "B")],
        ["parameterized provider", (m) => m.setPackageref("ref")],
    ])("for %s is refused by name", (name, ask) => {
        const message = request();
        ask(message);
        expect(() => readGoal(message, "/")).toThrow(name);
    });
});

describe("a duration", () => {
    it.each([
        ["5m", 300],
        ["1h30m", 5400],
        ["1.5s", 1.5],
        ["250ms", 0.25],
    ])("%s is %d seconds", (text, seconds) => {
        expect(duration(text, "x")).toBeCloseTo(seconds);
    });

    it.each(["", "5", "m", "5 m", "5m!"])("%j is refused, and the place named", (text) => {
        expect(() => duration(text, "the place")).toThrow("the place");
    });
});
