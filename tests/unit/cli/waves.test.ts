import { describe, expect, it } from "vitest";

import type { ResourceState } from "../../../packages/engine/src/api";
import { objects, resource } from "./rendering";

describe("the waves of Argo CD", () => {
    const after = (kind: string, name: string, dependencies: ResourceState[], inputs: object = {}) =>
        resource(kind, name, inputs, { dependencies: dependencies.map(({ urn }) => urn) });

    function waves(resources: ResourceState[]): Record<string, string> {
        return Object.fromEntries(
            objects(resources).objects.map(({ kind, metadata }) => [
                `${kind} ${metadata.name}`,
                metadata.annotations!["argocd.argoproj.io/sync-wave"]!,
            ]),
        );
    }

    it("are the order of `gw up`: settings, a store, one job after another, what needs them, what may be unwell", () => {
        const password = { urn: "password", type: "random:index/randomPassword:RandomPassword", custom: true };
        const config = resource("ConfigMap", "config");
        const filled = after("Secret", "filled", [password]);
        const store = after("StatefulSet", "postgres", [config]);
        const extensions = after("Job", "extensions", [store]);
        const migrate = after("Job", "migrate", [store, extensions]);
        const api = after("Deployment", "api", [migrate, config]);
        const web = after("Deployment", "web", [api]);
        const replica = after("StatefulSet", "replica", [config]);
        const balancer = resource("Service", "caddy", { spec: { type: "LoadBalancer" } });
        const backup = resource("CronJob", "backup");
        expect(
            waves([web, api, migrate, extensions, store, filled, password, config, replica, balancer, backup]),
        ).toEqual({
            "Secret filled": "-1",
            "ConfigMap config": "-1",
            "StatefulSet postgres": "0",
            "Job extensions": "1",
            "Job migrate": "2",
            "Deployment api": "3",
            "Deployment web": "4",
            "StatefulSet replica": "4",
            "Service caddy": "4",
            "CronJob backup": "4",
        });
    });

    it("have a claim in that of the first who mounts it, which it is not bound before", () => {
        const claims = ["data", "shared", "unused"].map((name) => resource("PersistentVolumeClaim", name));
        const [data, shared] = claims as [ResourceState, ResourceState];
        const store = after("StatefulSet", "postgres", [data]);
        const migrate = after("Job", "migrate", [store, shared]);
        const api = after("Deployment", "api", [migrate, shared]);
        const found = waves([...claims, store, migrate, api]);
        expect([found["Job migrate"], found["Deployment api"]]).toEqual(["1", "2"]);
        const of = (name: string) => found[`PersistentVolumeClaim ${name}`];
        expect([of("data"), of("shared"), of("unused")]).toEqual(["0", "1", "2"]);
    });
});
