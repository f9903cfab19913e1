/** Caddy on the Docker target. Cannot prove: see harness.ts; and that Caddy serves what it is told. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { Caddy, type CaddyArgs } from "../../../components/caddy";
import { dockerTarget, LOGS, RESOURCES, thrown } from "./fixtures";
import { record, secret } from "./harness";

const CONTAINER = "docker:index/container:Container";

function caddy(changes: Partial<CaddyArgs> = {}) {
    const target = dockerTarget();
    target.network({ segment: "edge", isolated: false }, {});
    const volume = { name: "caddy-data", sizeMiB: 100, stateful: true, shared: false };
    return new Caddy("gw-test-caddy", {
        image: "sha256:caddy",
        environment: "prod",
        tls: { mode: "internal" },
        publish: { address: "127.0.0.1", httpPort: 8083, httpsPort: 8443 },
        sites: [{ host: "app.localhost", routes: [{ upstreams: ["api-0:3001"] }] }],
        maxBodyMiB: 100,
        privatePaths: [],
        accessLog: "/var/log/caddy/access.log",
        mounts: [{ volume, path: "/data" }],
        resources: RESOURCES,
        logs: LOGS,
        target,
        ...changes,
    });
}

describe("Caddy", () => {
    test("publishes HTTP, HTTPS and HTTP/3 on the address that the stack says, and nothing else", async () => {
        const [, recording] = await record(() => caddy());
        const edge = recording.one("gw-test-caddy", CONTAINER);
        expect(edge.inputs.ports).toEqual([
            { internal: 8080, external: 8083, ip: "127.0.0.1", protocol: "tcp" },
            { internal: 8443, external: 8443, ip: "127.0.0.1", protocol: "tcp" },
            { internal: 8443, external: 8443, ip: "127.0.0.1", protocol: "udp" },
        ]);
        expect(edge).toMatchObject({ deleteBeforeReplace: true, inputs: { name: "gw-test-caddy" } });
    });

    test("runs as a user without capabilities but the one that its image's binary carries", async () => {
        const [, recording] = await record(() => caddy());
        expect(recording.one("gw-test-caddy", CONTAINER).inputs).toMatchObject({
            user: "10002:10002",
            capabilities: { adds: ["CAP_NET_BIND_SERVICE"], drops: ["ALL"] },
            securityOpts: ["no-new-privileges:true"],
            readOnly: true,
            command: ["caddy", "run", "--config", "/etc/groundwork/Caddyfile", "--adapter", "caddyfile"],
            healthcheck: {
                tests: ["CMD", "wget", "-q", "-O", "/dev/null", "-T", "2", "http://127.0.0.1:9180/healthz"],
                interval: "10s",
            },
        });
    });

    test("is not touched before its configuration has been validated", async () => {
        const [, recording] = await record(() => caddy());
        expect(recording.one("gw-test-caddy-validate").inputs).toMatchObject({
            command: ["caddy", "validate", "--config", "/etc/groundwork/Caddyfile", "--adapter", "caddyfile"],
            networkMode: "none",
        });
        expect(recording.one("gw-test-caddy", CONTAINER).dependencies).toContain("gw-test-caddy-validate-run");
    });

    test("with another configuration gets another volume for it, so that what runs keeps its own", async () => {
        const label = async (maxBodyMiB: number) => {
            const [, recording] = await record(() => caddy({ maxBodyMiB }));
            const labels = recording.one("gw-test-caddy-etc-groundwork").inputs.labels as {
                label: string;
                value: string;
            }[];
            return labels.find((l) => l.label === "dev.groundwork.files")!.value;
        };
        const first = await label(1);
        expect(first).toMatch(/^Caddyfile@[0-9a-f]{12}$/);
        expect(await label(1)).toBe(first);
        expect(await label(2)).not.toBe(first);
    });

    test("has a given certificate in secret files", async () => {
        const certificate = { certificate: pulumi.secret("PEM canary"), key: pulumi.secret("KEY canary") };
        const [, recording] = await record(() => caddy({ tls: { mode: "certificate" }, certificate }));
        expect(recording.one("gw-test-caddy-run-secrets-files").inputs.uploads).toMatchObject([
            { file: "/run/secrets/TLS_CERTIFICATE", content: secret("PEM canary"), permissions: "0440" },
            { file: "/run/secrets/TLS_PRIVATE_KEY", content: secret("KEY canary"), permissions: "0440" },
        ]);
        expect(recording.plainText()).not.toContain("canary");
    });

    test("says everything that is wrong at once", async () => {
        const [error] = await record(() =>
            thrown(() =>
                caddy({
                    tls: { mode: "certificate" },
                    publish: { address: "0.0.0.0", httpPort: 80, httpsPort: 80 },
                    sites: [{ host: "app.localhost", routes: [{ paths: ["/x"], upstreams: [] }] }],
                }),
            ),
        );
        expect(error.message).toContain("publish.httpsPort: 80 is the HTTP port too");
        expect(error.message).toContain("needs the secrets TLS_CERTIFICATE and TLS_PRIVATE_KEY");
        expect(error.message).toContain("sites[0].routes[0].upstreams: nobody answers for app.localhost/x");
    });
});
