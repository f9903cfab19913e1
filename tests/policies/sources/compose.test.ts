import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import type { Resource } from "../../../policies/core/resource";
import { isUnknown } from "../../../policies/core/unknown";
import { RULES } from "../../../policies/rules";
import { fromCompose } from "../../../policies/sources/compose";
import { DIGEST } from "../support/docker";

function services(text: string, others: Record<string, string> = {}): Resource[] {
    return fromCompose(text, "shop/compose.yaml", (path) => others[path]).resources;
}

/** The inputs of a service of these lines, as plain data. */
function inputs(...lines: string[]): unknown {
    const [service] = services(["services:", "  api:", ...lines.map((line) => `    ${line}`)].join("\n"));
    return service!.props;
}

/** Keeps every rule. */
const PASSING = `
x-hardened: &hardened
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  logging: { driver: local }
  restart: unless-stopped
services:
  api:
    <<: *hardened
    image: registry.example.com/team/api:1.2@${DIGEST}
    user: "10001:10001"
    ports:
      - "127.0.0.1:8080:80"
    environment:
      PORT: 80
      DB_PASSWORD_FILE: /run/secrets/password
    healthcheck: { test: wget -q -O /dev/null http://127.0.0.1/health }
    deploy: { resources: { limits: { memory: 256M, cpus: "0.5", pids: 100 } } }
`;

describe("Compose services", () => {
    test("that are made well keep every rule", () => {
        const { violations, notEvaluated } = evaluate(RULES, { resources: services(PASSING) }, { environment: "prod" });
        expect([violations, notEvaluated]).toEqual([[], []]);
    });

    test("are judged where they were written: by Compose's key, with file and line", () => {
        const text = PASSING.replace("read_only: true", "read_only: false").replace("127.0.0.1:8080:80", "8080:80");
        const { violations } = evaluate(RULES, { resources: services(text) }, { environment: "prod" });
        expect(violations.map(({ rule, resource, path, location }) => [rule.id, resource, path, location])).toEqual([
            ["GW-DOC-031", "Container/api", "services.api.ports[0]", { file: "shop/compose.yaml", line: 14 }],
            // A merge key's line is that of the service.
            ["GW-DOC-043", "Container/api", "services.api.read_only", { file: "shop/compose.yaml", line: 9 }],
        ]);
    });

    test("are named by Compose's key also where they lack something", () => {
        const text = PASSING.replace(", pids: 100", "").replace(/^ +healthcheck.*\n/m, "");
        const { violations } = evaluate(RULES, { resources: services(text) }, { environment: "prod" });
        expect(violations.map(({ path }) => path).sort()).toEqual([
            "services.api.healthcheck",
            "services.api.pids_limit",
        ]);
    });

    test("may publish ports in every form", () => {
        const ports = [
            ['- "80"', { internal: 80 }],
            ["- 80", { internal: 80 }],
            ['- "8080:80"', { internal: 80, external: 8080 }],
            ['- "8080:80/udp"', { internal: 80, external: 8080, protocol: "udp" }],
            ['- "127.0.0.1:8080:80"', { internal: 80, external: 8080, ip: "127.0.0.1" }],
            ['- "127.0.0.1::80"', { internal: 80, ip: "127.0.0.1" }],
            ['- "[::1]:8080:80"', { internal: 80, external: 8080, ip: "::1" }],
            ['- "::1:8080:80"', { internal: 80, external: 8080, ip: "::1" }],
            ['- "fe80::1::80"', { internal: 80, ip: "fe80::1" }],
            ['- "3000-3005:4000-4005"', { internal: 4000, external: 3000 }],
            [
                '- { target: 80, published: "8080", host_ip: 10.0.0.5, protocol: tcp }',
                { internal: 80, external: 8080, ip: "10.0.0.5", protocol: "tcp" },
            ],
            ["- { target: 80, published: 127.0.0.1:8080 }", { internal: 80, external: 8080, ip: "127.0.0.1" }],
            ["- what", "what"],
            ['- "8080:"', "8080:"],
            ['- "eighty:80"', "eighty:80"],
        ] as const;
        expect(inputs("ports:", ...ports.map(([line]) => `  ${line}`))).toMatchObject({
            ports: ports.map(([, port]) => port),
        });
    });

    test("may write their switches as text, as those of variables are", () => {
        expect(inputs('privileged: "false"', "read_only: ${READ_ONLY:-true}")).toMatchObject({
            privileged: false,
            readOnly: true,
        });
        expect(inputs("privileged: yes", 'read_only: "Off"')).toMatchObject({ privileged: true, readOnly: false });
        expect(inputs('privileged: "maybe"')).toMatchObject({ privileged: "maybe" });
    });

    test("may mount in every form", () => {
        const mounts = [
            ["- data:/data", { type: "volume", source: "data", target: "/data", readOnly: false }],
            ["- ./conf:/etc/app:ro", { type: "bind", source: "./conf", target: "/etc/app", readOnly: true }],
            ["- /srv:/srv:rw,rshared", { type: "bind", source: "/srv", bindOptions: { propagation: "rshared" } }],
            ["- /cache", { type: "volume", target: "/cache" }],
            [
                "- { type: bind, source: /a, target: /b, read_only: true, bind: { propagation: shared } }",
                { type: "bind", source: "/a", readOnly: true, bindOptions: { propagation: "shared" } },
            ],
        ] as const;
        expect(inputs("volumes:", ...mounts.map(([line]) => `  ${line}`))).toMatchObject({
            mounts: mounts.map(([, mount]) => mount),
        });
    });

    test("mount the engine's socket also where they only ask for it", () => {
        const text = PASSING.replace("    ports:", "    use_api_socket: true\n    ports:");
        const { violations } = evaluate(RULES, { resources: services(text) }, { environment: "prod" });
        expect(violations.map(({ rule, path, location }) => [rule.id, path, location?.line])).toEqual([
            ["GW-DOC-020", "services.api.use_api_socket", 13],
        ]);
        expect(inputs("use_api_socket: false")).not.toHaveProperty("mounts");
    });

    test("see a directory of the host's by the name of a volume too", () => {
        const text = `
services: { api: { volumes: ["etc:/host"] } }
volumes: { etc: { driver_opts: { type: none, o: "bind,ro", device: /etc } } }`;
        expect(services(text)[0]!.props["mounts"]).toMatchObject([{ source: "/etc", target: "/host" }]);
        const other = text.replace('{ type: none, o: "bind,ro", device: /etc }', "{ mountpoint: /srv/etc }");
        expect(services(other)[0]!.props["mounts"]).toMatchObject([{ source: "/srv/etc", target: "/host" }]);
    });

    test("may say the same in two ways", () => {
        const list = inputs(
            'environment: ["A=1", B]',
            "labels: [x=y]",
            'command: ["serve", "now"]',
            "mem_limit: 512m",
            "cpus: 1.5",
            "pids_limit: 50",
            "restart: on-failure:3",
            "ulimits: { nproc: 65535 }",
        );
        const map = inputs(
            "environment: { A: 1, B: }",
            "labels: { x: y }",
            "command: serve now",
            "deploy:",
            '  resources: { limits: { memory: 0.5gb, cpus: "1.5", pids: 50 } }',
            "  restart_policy: { condition: on-failure, max_attempts: 3 }",
            "ulimits: { nproc: { soft: 65535, hard: 65535 } }",
        );
        const same = {
            envs: ["A=1", "B"],
            labels: [{ label: "x", value: "y" }],
            memory: 512,
            cpus: 1.5,
            pidsLimit: 50,
            restart: "on-failure",
            maxRetryCount: 3,
            ulimits: [{ name: "nproc", soft: 65535, hard: 65535 }],
        };
        expect(list).toMatchObject({ ...same, command: ["serve", "now"] });
        expect(map).toMatchObject({ ...same, command: ["serve now"] });
    });

    test("whose health check is switched off have none", () => {
        expect(inputs("healthcheck: { disable: true }")).toMatchObject({ healthcheck: { tests: ["NONE"] } });
        expect(inputs("healthcheck: { test: [NONE] }")).toMatchObject({ healthcheck: { tests: ["NONE"] } });
    });

    test("are in a network of their project's unless they say otherwise", () => {
        expect(inputs("image: a:1")).toMatchObject({ networksAdvanced: [{ name: "default" }] });
        expect(inputs("network_mode: bridge")).not.toHaveProperty("networksAdvanced");
    });

    test("whose end others wait for are jobs", () => {
        const text = `
services:
  migrate: { image: "a:1" }
  api: { image: "a:1", depends_on: { migrate: { condition: service_completed_successfully } } }`;
        expect(services(text).map(({ props }) => props["mustRun"])).toEqual([false, undefined]);
    });

    test("that are built here name no image that could be another tomorrow", () => {
        expect(inputs("build: .", "image: api")).not.toHaveProperty("image");
    });

    test("extend others, of the same file and of another: maps and lists are joined, the rest is replaced", () => {
        const text = `
services:
  base: { user: "1:1", read_only: true, cap_drop: [ALL], environment: { A: "1", B: "1" } }
  api:
    extends: { file: ../common/base.yaml, service: web }
    cap_add: [CHOWN]
  web: { extends: base, user: "2:2", environment: ["B=2"] }`;
        const others = { "shop/../common/base.yaml": "services: { web: { privileged: true, cap_add: [KILL] } }" };
        const [, api, web] = services(text, others);
        expect(api!.props).toMatchObject({ privileged: true, capabilities: { adds: ["KILL", "CHOWN"] } });
        expect(api!.locate!("privileged")).toEqual({ file: "shop/../common/base.yaml", line: 1 });
        expect(api!.locate!("capabilities.adds[1]")).toEqual({ file: "shop/compose.yaml", line: 6 });
        expect(web!.props).toMatchObject({
            user: "2:2",
            readOnly: true,
            envs: ["A=1", "B=2"],
            capabilities: { drops: ["ALL"] },
        });
        expect(web!.locate!("readOnly")).toEqual({ file: "shop/compose.yaml", line: 3 });
    });

    test("that extend themselves, or what is not there, are named as unreadable, and do not hide the others", () => {
        const found = fromCompose(
            "services:\n  a: { extends: b }\n  b: { extends: a }\n  c: { extends: { file: x.yaml, service: c } }\n  d: {}",
            "compose.yaml",
            () => undefined,
        );
        expect(found.resources.map(({ name }) => name)).toEqual(["Container/d"]);
        expect(found.unreadable).toMatchObject([
            { line: 2 },
            { line: 3 },
            { line: 4, message: expect.stringContaining("x.yaml") as string },
        ]);
    });

    test("have their variables' defaults; where there is none nothing is known", () => {
        expect(
            inputs("image: redis:${TAG:-7.2}", "user: $$USER", "command: [a, 'x${A-}y', '${B:+set}']"),
        ).toMatchObject({
            ...{ image: "redis:7.2", user: "$USER", command: ["a", "xy", ""] },
        });
        const [service] = services(
            "services: { api: { image: 'redis:${TAG}', environment: { A: '${A:?must be set}' } } }",
        );
        const unknown = Object.getOwnPropertyDescriptor(service!.props, "image")!.value as unknown;
        expect(isUnknown(unknown)).toBe(true);
        const { notEvaluated } = evaluate(RULES, { resources: [service!] }, { environment: "prod" });
        expect(new Set(notEvaluated.map(({ path }) => path))).toEqual(
            new Set(["services.api.image", "services.api.environment.A"]),
        );
    });

    test("of a wrong type stay as they are, so that no rule passes them", () => {
        const { violations } = evaluate(
            RULES,
            {
                resources: services(
                    "services: { api: { privileged: 'yes', ports: 80, volumes: {}, cap_add: ALL, mem_limit: much, environment: 3, healthcheck: no } }",
                ),
            },
            { environment: "prod" },
        );
        const paths = violations.map(({ path }) => path);
        for (const key of ["privileged", "ports", "volumes", "cap_add", "mem_limit", "environment"]) {
            expect(paths).toContain(`services.api.${key}`);
        }
    });

    test("are found where there are services alone: other YAML is passed over, what cannot be read is named", () => {
        expect(services("apiVersion: v1\nkind: Pod")).toEqual([]);
        expect(services("- 1")).toEqual([]);
        expect(
            services("x-base: &a { image: 'a:1' }\nservices: { x-template: *a, api: *a }").map(({ name }) => name),
        ).toEqual(["Container/api"]);
        expect(fromCompose("services:\n  a: [", "compose.yaml", () => undefined).unreadable).toMatchObject([
            { file: "compose.yaml" },
        ]);
    });
});
