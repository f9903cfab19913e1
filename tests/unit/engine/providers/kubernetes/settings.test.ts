import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { settingsOf } from "../../../../../packages/engine/src/providers/kubernetes/settings";
import { KUBECONFIG } from "./context";

let dir: string;

beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "gw-kubeconfig-"));
    vi.stubEnv("HOME", dir);
    vi.stubEnv("KUBECONFIG", undefined);
});

afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true });
});

function file(name: string, content: string): string {
    const path = join(dir, name);
    writeFileSync(path, content);
    return path;
}

function config(name: string): string {
    return [
        `clusters: [{name: ${name}, cluster: {server: "https://${name}:6443", certificate-authority: ca.pem}}]`,
        `users: [{name: ${name}, user: {client-certificate: c.pem, client-key: /k.pem}}]`,
        `contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}, {name: shared, context: {cluster: ${name}, user: ${name}}}]`,
        `current-context: ${name}`,
    ].join("\n");
}

describe("a kubeconfig", () => {
    it("is given as content, as an object or as a path, with paths within it from where it is", () => {
        expect(settingsOf({ kubeconfig: KUBECONFIG })).toMatchObject({ context: "x", namespace: "team" });
        expect(settingsOf({ kubeconfig: JSON.parse(KUBECONFIG) })).toMatchObject({ server: "https://127.0.0.1:1" });
        const { kubeconfig } = settingsOf({ kubeconfig: file("a", config("a")) });
        expect(kubeconfig!.clusters[0]!.cluster!["certificate-authority"]).toBe(join(dir, "ca.pem"));
        expect(kubeconfig!.users[0]!.user).toEqual({
            "client-certificate": join(dir, "c.pem"),
            "client-key": "/k.pem",
        });
    });

    it("is merged from the files of KUBECONFIG, of which the first says what something is", () => {
        vi.stubEnv("KUBECONFIG", [file("a", config("a")), join(dir, "gone"), file("b", config("b"))].join(delimiter));
        expect(settingsOf({})).toMatchObject({ context: "a", server: "https://a:6443", namespace: "default" });
        expect(settingsOf({ context: "b" })).toMatchObject({ server: "https://b:6443" });
        expect(settingsOf({ context: "shared" })).toMatchObject({ server: "https://a:6443" });
        expect(settingsOf({ context: "a", cluster: "b" })).toMatchObject({ server: "https://b:6443" });
    });

    it("has one connection for equal settings, and another for others", () => {
        vi.stubEnv("KUBECONFIG", file("a", config("a")));
        expect(settingsOf({}).key).toBe(settingsOf({ namespace: "other" }).key);
        expect(settingsOf({}).key).not.toBe(settingsOf({ kubeconfig: KUBECONFIG }).key);
    });

    it.each<[string, Record<string, string>, RegExp]>([
        ["nowhere", {}, /no kubeconfig: .*\.kube\/config is not there\. Set KUBECONFIG/],
        ["at a wrong path", { kubeconfig: "/nowhere/config" }, /path \/nowhere\/config, which is not there/],
        ["without that context", { kubeconfig: KUBECONFIG, context: "y" }, /no context "y"; it has "x"/],
        ["without that cluster", { kubeconfig: KUBECONFIG, cluster: "d" }, /no cluster "d" with a server; it has "c"/],
        [
            "with settings that are not served",
            { kubeconfig: KUBECONFIG, renderYamlToDirectory: "x" },
            /"kubernetes:renderYamlToDirectory"/,
        ],
    ])("%s is an error that says so", (_title, given, message) => {
        expect(() => settingsOf(given)).toThrow(message);
    });

    it("that cannot be read is never quoted", () => {
        const given = "users: [{token: canary-77aa\n";
        expect(() => settingsOf({ kubeconfig: given })).toThrow(/neither YAML nor JSON/);
        expect(() => settingsOf({ kubeconfig: given })).not.toThrow(/canary/);
    });
});

describe("mutable data", () => {
    it("is asked for by the configuration or by the real provider's environment variables", () => {
        expect(settingsOf({ kubeconfig: KUBECONFIG })).toMatchObject({
            configMapsAreMutable: false,
            secretsAreMutable: false,
        });
        expect(settingsOf({ kubeconfig: KUBECONFIG, enableConfigMapMutable: true })).toMatchObject({
            configMapsAreMutable: true,
        });
        vi.stubEnv("PULUMI_K8S_ENABLE_SECRET_MUTABLE", "true");
        expect(settingsOf({ kubeconfig: KUBECONFIG })).toMatchObject({ secretsAreMutable: true });
    });
});
