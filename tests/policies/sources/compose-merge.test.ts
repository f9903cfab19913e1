/** Files that Compose lays over each other, and what it takes from others: `compose.override.yaml`, `!reset`, `!override`, `env_file`. */
import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import type { Resource } from "../../../policies/core/resource";
import { RULES } from "../../../policies/rules";
import { fromCompose } from "../../../policies/sources/compose";
import type { Found } from "../../../policies/sources/yaml";

const OVER = "shop/compose.override.yaml";

function found(base: string, over: string, others: Record<string, string> = {}): Found {
    const files: Record<string, string> = { ...others, [OVER]: over };
    return fromCompose(base, "shop/compose.yaml", (path) => files[path], OVER);
}

/** The one service `api` of two files of its lines, as plain data. */
function merged(base: string, over: string, others?: Record<string, string>): Resource {
    const service = (lines: string) => `services:\n  api:\n${lines.replace(/^ {8}/gm, "").replace(/^/gm, "    ")}`;
    const { resources, unreadable } = found(service(base), service(over), others);
    expect(unreadable).toEqual([]);
    return resources[0]!;
}

describe("a file that is laid over another", () => {
    test("says the last word on what is one value, and adds to lists and maps", () => {
        const { props } = merged(
            "user: '1:1'\ncap_add: [KILL]\nenvironment: { A: '1', B: '1' }\nports: ['127.0.0.1:80:80']",
            "user: '2:2'\ncap_add: [CHOWN]\nenvironment: [B=2]\nports: ['127.0.0.1:81:81']",
        );
        expect(props).toMatchObject({
            user: "2:2",
            capabilities: { adds: ["KILL", "CHOWN"] },
            envs: ["A=1", "B=2"],
            ports: [{ internal: 80 }, { internal: 81 }],
        });
    });

    test("mounts something else at the same place", () => {
        const { props } = merged(
            "volumes: ['data:/data', '/etc:/host']\ndevices: ['/dev/a:/dev/x']",
            "volumes: ['./here:/host:ro']\ndevices: ['/dev/b:/dev/x']",
        );
        expect(props["mounts"]).toMatchObject([
            { source: "data", target: "/data" },
            { source: "./here", target: "/host", readOnly: true },
        ]);
        expect(props["devices"]).toMatchObject([{ hostPath: "/dev/b", containerPath: "/dev/x" }]);
    });

    test("leaves of a map what it does not name: the health check's test, the logs' options", () => {
        const { props } = merged(
            "healthcheck: { test: [CMD, ok], interval: 9s }\nlogging: { driver: json-file, options: { max-size: 1m } }",
            "healthcheck: { interval: 1s }\nlogging: { options: { max-file: '3' } }",
        );
        expect(props["healthcheck"]).toEqual({ tests: ["CMD", "ok"] });
        expect(props).toMatchObject({ logDriver: "json-file", logOpts: { "max-size": "1m", "max-file": "3" } });
    });

    test("gives another driver of logs no options of the first one's", () => {
        const { props } = merged(
            "logging: { driver: json-file, options: { max-size: 1m } }",
            "logging: { driver: local }",
        );
        expect(props).toMatchObject({ logDriver: "local" });
        expect(props).not.toHaveProperty("logOpts");
    });

    test("puts a command in the place of another", () => {
        const { props } = merged("command: [serve, --token, hunter2]", "command: [serve]");
        expect(props["command"]).toEqual(["serve"]);
    });

    test("takes something away with !reset, and puts something in its place with !override", () => {
        const { props } = merged(
            "privileged: true\nports: ['80:80']\ncap_add: [SYS_ADMIN]\nenvironment: { A: '1', B: '1' }\nenv_file: [a.env]",
            "privileged: !reset null\nports: !override ['127.0.0.1:81:81']\ncap_add: !reset []\nenvironment: { A: !reset null }\nenv_file: !reset []",
            { "shop/a.env": "C=1" },
        );
        expect(props).not.toHaveProperty("privileged");
        expect(props).not.toHaveProperty("capabilities");
        expect(props["ports"]).toMatchObject([{ internal: 81 }]);
        expect(props["envs"]).toEqual(["B=1"]);
    });

    test("has services of its own, and takes some out", () => {
        const { resources, unreadable } = found(
            "services: { base: { privileged: true }, gone: { image: 'a:1' } }",
            "services:\n  gone: !reset null\n  more: { image: 'b:1' }\n  most: { extends: base }",
        );
        expect(resources.map(({ name }) => name)).toEqual(["Container/base", "Container/more"]);
        // As Compose, which extends what the same file has.
        expect(unreadable).toMatchObject([
            { file: OVER, line: 4, message: expect.stringContaining("extends base") as string },
        ]);
    });

    test("is named with its line where it is what breaks a rule", () => {
        const { resources } = found(
            "services:\n  api:\n    image: a:1\n    privileged: false",
            "services:\n  api:\n    privileged: true",
        );
        const { violations } = evaluate(RULES, { resources }, { environment: "prod" });
        const privileged = violations.find(({ rule }) => rule.id === "GW-DOC-001")!;
        expect([privileged.path, privileged.location]).toEqual(["services.api.privileged", { file: OVER, line: 3 }]);
    });

    test("that cannot be read does not hide the first one", () => {
        const { resources, unreadable } = found("services: { api: { image: 'a:1' } }", "services: [");
        expect(resources).toHaveLength(1);
        expect(unreadable).toMatchObject([{ file: OVER, line: 1 }]);
    });
});

describe("variables of a file", () => {
    const env = (lines: string, others: Record<string, string>) =>
        fromCompose(`services:\n  api:\n    image: a:1\n    ${lines}`, "shop/compose.yaml", (path) => others[path]);

    test("are the container's, before those that the service names", () => {
        const { resources } = env("env_file: [a.env, { path: b.env }]\n    environment: { C: own }", {
            "shop/a.env": "# all\nexport A=1\nB='b c'\nC=file\n",
            "shop/b.env": "A=2\n",
        });
        expect(resources[0]!.props["envs"]).toEqual(["A=2", "B=b c", "C=own"]);
    });

    test("are secrets in the open where they look like it, in their own line", () => {
        const { resources } = env("env_file: .env", { "shop/.env": "LOG=1\n\nDB_PASSWORD=hunter2\n" });
        const { violations } = evaluate(RULES, { resources }, { environment: "prod" });
        const [secret] = violations.filter(({ rule }) => rule.id === "GW-DOC-070");
        expect([secret!.path, secret!.location]).toEqual(["DB_PASSWORD", { file: "shop/.env", line: 3 }]);
    });

    test("are not known where the file is not there, and none where it need not be", () => {
        const judged = (lines: string) => {
            const results = evaluate(RULES, env(lines, {}), { environment: "prod" });
            return results.notEvaluated.map(({ rule, path }) => `${rule.id} ${path}`);
        };
        expect(judged("env_file: secret.env")).toEqual(["GW-DOC-070 services.api.env_file"]);
        expect(judged("env_file: [{ path: secret.env, required: false }]")).toEqual([]);
    });
});
