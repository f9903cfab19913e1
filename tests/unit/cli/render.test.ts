import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { textOf, writeManifests } from "../../../packages/cli/src/render/files";
import { fileName, type Manifest } from "../../../packages/cli/src/render/manifests";
import { renderingKubernetes, renderingRandom } from "../../../packages/cli/src/render/providers";
import { generatedSecrets } from "../../../packages/cli/src/render/resources";
import type { UntypedDeployment } from "../../../packages/engine/src/api";
import type { PropertyMap, ProviderContext } from "../../../packages/engine/src/provider";
import { gw, REPOSITORY, temporary } from "./fixtures";
import { objects, resource } from "./rendering";

const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const secret = (value: unknown): object => ({ ...MARK, plaintext: JSON.stringify(value) });
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("rendered objects", () => {
    it("come in the order in which they can be applied, each with a file of its own", () => {
        const kinds = [
            "Deployment",
            "Service",
            "Secret",
            "Job",
            "Namespace",
            "StatefulSet",
            "Database",
            "Cluster",
            "Widget",
        ];
        const found = objects(kinds.map((kind) => resource(kind, "api"))).objects.map(fileName);
        expect(found.map((name) => name.replace(/^\d\d-|-api.yaml$/g, ""))).toEqual([
            "namespace",
            "secret",
            "service",
            "cluster",
            "database",
            "statefulset",
            "job",
            "deployment",
            "widget",
        ]);
        expect(found).toEqual(found.slice().sort());
    });

    it("have sorted keys, and nothing that is for Pulumi alone", () => {
        const annotations = { "pulumi.com/skipAwait": "true", "pulumi.com/replaceUnready": "true" };
        const [found] = objects([
            resource("Service", "api", { spec: { b: null, z: 1, a: 2 }, metadata: { name: "api", annotations } }),
        ]).objects;
        expect(JSON.stringify(found)).toBe(
            '{"apiVersion":"v1","kind":"Service","metadata":{"annotations":{"argocd.argoproj.io/sync-wave":"-1"},"name":"api"},"spec":{"a":2,"z":1}}',
        );
    });

    it("say nothing of a number that an autoscaler decides on", () => {
        const scaled = resource(
            "Deployment",
            "api",
            { spec: { replicas: 3, paused: false } },
            { ignoreChanges: ["spec.replicas"] },
        );
        const fixed = resource("Deployment", "web", { spec: { replicas: 2 } });
        expect(objects([scaled, fixed]).objects.map(({ spec }) => spec)).toEqual([{ paused: false }, { replicas: 2 }]);
    });

    it("that are protected are left by Argo CD and Flux", () => {
        const claim = resource("PersistentVolumeClaim", "data", {}, { protect: true });
        expect(objects([claim]).objects[0]!.metadata.annotations).toEqual({
            "argocd.argoproj.io/sync-options": "Delete=false,Prune=false",
            "argocd.argoproj.io/sync-wave": "0",
            "kustomize.toolkit.fluxcd.io/prune": "disabled",
        });
    });
});

describe("rendered Secrets", () => {
    const url = "postgresql://u:__POSTGRES_PASSWORD__@postgres/db";
    const data = {
        URL: secret(base64(url)),
        KEY: secret(base64("from the file")),
        MIX: secret(base64(`__A__ from the file`)),
    };
    const resources = [resource("Secret", "api-secrets", { immutable: true, type: "Opaque", data })];

    it("have no values, and say which keys somebody has to fill in and what they are made of", () => {
        const { objects: found, unfilled } = objects(resources, false, ["from the file"]);
        expect(found[0]).toEqual({
            apiVersion: "v1",
            kind: "Secret",
            metadata: {
                name: "api-secrets",
                namespace: "gw-dev",
                annotations: { "argocd.argoproj.io/sync-wave": "-1", "dev.groundwork/keys": "KEY,MIX,URL" },
            },
            type: "Opaque",
        });
        expect(unfilled).toEqual([
            { name: "api-secrets", namespace: "gw-dev", keys: { KEY: undefined, MIX: undefined, URL: url } },
        ]);
    });

    it("have them when they are asked for", () => {
        const { objects: found, unfilled } = objects(resources, true);
        expect(found[0]).toMatchObject({ immutable: true, data: { URL: base64(url), KEY: base64("from the file") } });
        expect(unfilled).toEqual([]);
    });

    it("are the only objects that may hold a secret", () => {
        const leaking = resource("ConfigMap", "config", { data: { conf: secret("pass") } });
        expect(() => objects([leaking])).toThrow(
            "config (kubernetes:ConfigMap) holds a secret that is no Secret's: data.conf",
        );
        expect(objects([leaking], true).objects[0]).toMatchObject({ data: { conf: "pass" } });
    });
});

describe("the providers that make nothing", () => {
    const context = (type: string, name = "api"): ProviderContext => ({ type, name, urn: name }) as ProviderContext;

    async function nameOf(kind: string, inputs: PropertyMap, withSecrets = true): Promise<unknown> {
        const provider = renderingKubernetes({ withSecrets });
        const checked = await provider.check(context(`kubernetes:core/v1:${kind}`), undefined, inputs, Buffer.alloc(0));
        return (checked.inputs["metadata"] as PropertyMap)["name"];
    }

    it("name by content what has no name, and the same for the same content", async () => {
        const name = await nameOf("ConfigMap", { data: { a: "1", b: "2" } });
        expect(name).toMatch(/^api-[0-9a-f]{10}$/);
        expect(await nameOf("ConfigMap", { data: { b: "2", a: "1" } })).toBe(name);
        expect(await nameOf("ConfigMap", { data: { a: "1", b: "3" } })).not.toBe(name);
        expect(await nameOf("ConfigMap", { metadata: { name: "own" }, data: {} })).toBe("own");
    });

    it("name a Secret that is to be filled in by nothing that is in it", async () => {
        expect(await nameOf("Secret", { data: { a: "1" } }, false)).toBe("api");
        expect(await nameOf("Secret", { data: { a: "1" } }, true)).toMatch(/^api-[0-9a-f]{10}$/);
    });

    it("invent no secret, and note which have no value", async () => {
        const state = {
            deployment: {
                resources: [
                    {
                        urn: "gw-dev-secrets-known",
                        type: "random:index/randomPassword:RandomPassword",
                        outputs: { result: secret("kept") },
                    },
                ],
            },
        } as unknown as UntypedDeployment;
        const lacking = new Set<string>();
        const provider = renderingRandom(generatedSecrets(state), lacking);
        const made = async (name: string): Promise<unknown> =>
            (await provider.create(context("random:index/randomPassword:RandomPassword", name), { length: 24 }))
                .outputs["result"];
        expect(await made("gw-dev-secrets-known")).toBe("kept");
        expect(await made("gw-dev-secrets-jwt-secret")).toBe("__JWT_SECRET__");
        expect([...lacking]).toEqual(["gw-dev-secrets-jwt-secret"]);
    });
});

describe("a directory of manifests", () => {
    const config = (name: string, text = "x"): Manifest => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name },
        data: { text },
    });

    it("reads back as the objects, whatever YAML 1.1 takes for something else", () => {
        for (const text of [
            "yes",
            "012",
            "1e3",
            "1:30",
            "null",
            "a\nb\n",
            "tab\there",
            "# no comment",
            "",
            " x",
            "0x1f",
        ])
            expect(parse(textOf(config("c", text)), { version: "1.1" })).toEqual(config("c", text));
        expect(textOf(config("c", "one\ntwo\n"))).toContain("text: |\n    one\n    two\n");
    });

    it("loses files of an earlier rendering and keeps those of others", () => {
        const dir = join(temporary(), "out");
        writeManifests(dir, [config("a"), config("b")], [], 0o644);
        writeFileSync(join(dir, "own.yaml"), "kind: Mine\n");
        const { files, removed } = writeManifests(dir, [config("b")], [], 0o600);
        expect([files, removed]).toEqual([["08-configmap-b.yaml"], ["08-configmap-a.yaml"]]);
        expect(readdirSync(dir).sort()).toEqual(["08-configmap-b.yaml", "own.yaml"]);
        expect(statSync(join(dir, "08-configmap-b.yaml")).mode & 0o777).toBe(0o600);
    });

    it("is not written where a file of somebody else would be written over", () => {
        const dir = temporary();
        writeFileSync(join(dir, "08-configmap-b.yaml"), "kind: Mine\n");
        expect(() => writeManifests(dir, [config("a"), config("b")], [], 0o644)).toThrow("was not rendered by gw");
        expect(readdirSync(dir)).toEqual(["08-configmap-b.yaml"]);
    });
});

describe("gw render", () => {
    /** The program of this repository, with a stack file of its own. */
    function sandbox(): string {
        const dir = temporary();
        for (const entry of readdirSync(REPOSITORY)) {
            if (/^(Pulumi\..+\.yaml|\.git|\.groundwork|reports)$/.test(entry)) continue;
            symlinkSync(join(REPOSITORY, entry), join(dir, entry));
        }
        writeFileSync(
            join(dir, "Pulumi.dev.yaml"),
            "config:\n  groundwork:environment: dev\n  groundwork:system: debt-os\n",
        );
        return dir;
    }

    it("writes the same files each time, which refer to each other and hold no secret, without a cluster", async () => {
        const cwd = sandbox();
        const args = ["render", "--target", "kubernetes", "--cwd", cwd];
        const env = { KUBECONFIG: "/nonexistent" };
        const texts: Record<string, string>[] = [];
        for (const out of ["one", "two"].map((name) => join(cwd, name))) {
            mkdirSync(out);
            const { code, stderr } = await gw([...args, "--out", out], { env });
            expect([code, stderr]).toEqual([0, ""]);
            texts.push(
                Object.fromEntries(readdirSync(out).map((file) => [file, readFileSync(join(out, file), "utf8")])),
            );
        }
        expect(texts[1]).toEqual(texts[0]);
        const { "SECRETS.md": page, ...files } = texts[0]!;
        const found = Object.values(files).map((text) => parse(text, { version: "1.1" }) as Manifest);
        const has = (kind: string): string[] => found.filter((o) => o.kind === kind).map((o) => o.metadata.name);
        const referred = [
            ...Object.values(files)
                .join("\n")
                .matchAll(/- (secret|configMap):\n(?: {16,}.*\n)*? +name: (\S+)/g),
        ];
        expect(referred.length).toBeGreaterThan(4);
        for (const [, kind, name] of referred) expect(has(kind === "secret" ? "Secret" : "ConfigMap")).toContain(name);
        expect(found.filter((o) => o.kind === "Secret").every((o) => !("data" in o) && !("immutable" in o))).toBe(true);
        expect(page).toContain("| postgres-secrets | `POSTGRES_PASSWORD` | `__POSTGRES_PASSWORD__` |");
        expect(readdirSync(cwd)).not.toContain(".groundwork");
    });

    it("refuses a stack on Docker", async () => {
        const cwd = sandbox();
        const { code, stderr } = await gw(["render", "--cwd", cwd, "--out", join(cwd, "out")]);
        expect(code).toBe(2);
        expect(stderr).toContain("Say --target kubernetes");
        expect(readdirSync(cwd)).not.toContain("out");
    });
});
