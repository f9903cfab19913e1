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

function directoryOf(files: Record<string, string>): string {
    const directory = mkdtempSync(join(root, "including-"));
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
    }
    return directory;
}

const service = (name: string, ...lines: string[]) =>
    `services:\n  ${name}:\n    image: a:1\n${lines.map((line) => `    ${line}\n`).join("")}`;

test("what a Compose file includes is judged once, as a part of it, with what is laid over that", () => {
    const directory = directoryOf({
        "compose.yaml": "include:\n  - base.yaml\n  - path: [stores/compose.yaml, stores/more.yaml]",
        "compose.override.yaml": service("api", "privileged: true"),
        "base.yaml": `include: [log/compose.yaml]\n${service("api", "read_only: true")}`,
        "log/compose.yaml": service("log", "env_file: log.env"),
        "log/log.env": "LEVEL=info",
        "stores/compose.yaml": service("redis", "user: '1:1'"),
        "stores/more.yaml": service("redis", "user: '2:2'"),
    });
    const { resources, unreadable, files } = fromPath(directory);
    expect(unreadable).toEqual([]);
    expect(resources.map(({ name }) => name)).toEqual(["Container/log", "Container/api", "Container/redis"]);
    const [log, api, redis] = resources;
    expect(log!.props["envs"]).toEqual(["LEVEL=info"]);
    expect(api!.props).toMatchObject({ privileged: true, readOnly: true });
    expect(redis!.props["user"]).toBe("2:2");
    expect(redis!.locate!("user")).toEqual({ file: join(directory, "stores/more.yaml"), line: 4 });
    expect(files).toBe(6);
});

test("what a Compose file includes and was not followed is said, each by its line", () => {
    const directory = directoryOf({
        "compose.yaml": [
            "include:",
            "  - oci://registry.example.com/stores:1",
            "  - path: git@example.com:team/stores.git",
            "  - gone.yaml",
            "  - $WHICH",
            "  - { env_file: .env }",
            "  - round.yaml",
            "  - values.yaml",
            service("api"),
        ].join("\n"),
        "round.yaml": `include: [compose.yaml]\n${service("worker")}`,
        "values.yaml": "image: a:1",
    });
    const { resources, unreadable } = fromPath(directory);
    expect(resources.map(({ name }) => name)).toEqual(["Container/worker", "Container/api"]);
    expect(unreadable.map(({ file, line, message }) => [file.replace(`${directory}/`, ""), line, message])).toEqual([
        [
            "compose.yaml",
            2,
            "it includes oci://registry.example.com/stores:1, which is not on this machine: it was not followed",
        ],
        [
            "compose.yaml",
            3,
            "it includes git@example.com:team/stores.git, which is not on this machine: it was not followed",
        ],
        ["compose.yaml", 4, "it includes gone.yaml, which is not there or is no Compose file: it was not followed"],
        ["compose.yaml", 5, "which file it includes is said by a variable: it was not followed"],
        ["compose.yaml", 6, "what it includes is no path: it was not followed"],
        ["round.yaml", 1, "it includes compose.yaml, which includes it"],
        ["compose.yaml", 8, "it includes values.yaml, which is not there or is no Compose file: it was not followed"],
    ]);
});
