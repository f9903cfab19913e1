import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { fromPath } from "../../../policies/sources/directory";

const root = mkdtempSync(join(tmpdir(), "groundwork-directory-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FILES: Record<string, string> = {
    "api/Dockerfile": "FROM a:1",
    "api/worker.Dockerfile": "FROM b:1",
    "api/Dockerfile.dockerignore": "node_modules",
    "compose.yaml": "services:\n  api:\n    extends: { file: base/base.yaml, service: api }",
    "compose.override.yaml": "services:\n  api:\n    read_only: true",
    "base/base.yaml": "services:\n  api:\n    image: a:1\n    privileged: true",
    "chart/values.yaml": "services:\n  api: { port: 80 }",
    "k8s/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: a }",
    "k8s/broken.yaml": "services:\n  api: [\n  image: x",
    "readme.md": "FROM nobody",
    "node_modules/a/Dockerfile": "FROM c:1",
};

test("a directory's Dockerfiles, Compose files and Kubernetes YAML are found, each read once", () => {
    for (const [name, text] of Object.entries(FILES)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text);
    }
    const { resources, unreadable, files } = fromPath(root);
    expect(resources.map(({ name }) => name.replace(`${root}/`, ""))).toEqual([
        "Dockerfile/api/Dockerfile",
        "Dockerfile/api/worker.Dockerfile",
        "Container/api",
        "Container/api",
        "Pod/a",
    ]);
    expect(resources[3]!.props["privileged"]).toBe(true);
    expect(resources[3]!.locate!("privileged")).toEqual({ file: join(root, "base/base.yaml"), line: 4 });
    // Compose lays it over the first, and it is judged as that alone.
    expect(resources[3]!.props).toMatchObject({ privileged: true, readOnly: true });
    expect(resources[3]!.locate!("readOnly")).toEqual({ file: join(root, "compose.override.yaml"), line: 3 });
    expect(unreadable.map(({ file }) => file)).toEqual([join(root, "k8s/broken.yaml")]);
    expect(files).toBe(8);
});

test("a Compose file is one however YAML lets it be written", () => {
    const service = '{ "image": "a:1", "privileged": true }';
    const texts = [
        `\uFEFFservices:\n  api:\n    image: a:1\n    privileged: true`,
        `"services":\n  api:\n    "image": a:1\n    privileged: true`,
        `services:\n  api: ${service}`,
        `services: { api: ${service} }`,
        `{ "services": { "api": ${service} } }`,
    ];
    for (const [n, text] of texts.entries()) {
        const file = join(root, `written-${n}.yaml`);
        writeFileSync(file, text);
        const [found] = fromPath(file).resources;
        expect(found?.props, text).toMatchObject({ image: "a:1", privileged: true });
    }
});

test("What is laid over a Compose file without services is judged too", () => {
    const directory = mkdtempSync(join(root, "including-"));
    writeFileSync(join(directory, "compose.yaml"), "include: [base.yaml]");
    writeFileSync(join(directory, "compose.override.yaml"), "services:\n  api:\n    image: a:1\n    privileged: true");
    const { resources, unreadable } = fromPath(directory);
    expect(unreadable).toEqual([]);
    expect(resources.map(({ name, props }) => [name, props["privileged"]])).toEqual([["Container/api", true]]);
});
