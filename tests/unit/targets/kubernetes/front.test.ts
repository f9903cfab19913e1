/**
 * What may be in front of the edge. Cannot prove: see components/harness.ts; and that a controller takes it, which no cluster of these
 * tests has.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { caddyfile } from "../../../../components/caddyfile";
import { thrown } from "../../components/fixtures";
import { record, secret } from "../../components/harness";
import { EDGE, kubernetesTarget, TYPES, workload } from "./fixtures";

const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

const HOSTS = ["example.com", "api.example.com"];
const CERTIFICATE = { certificate: pulumi.secret("canary chain"), key: pulumi.secret("canary key") };
const ports = [{ name: "http", port: 8080, protocol: "tcp" as const, publish: { address: "0.0.0.0", port: 80 } }];

function run(edge: Partial<typeof EDGE>, certificate?: typeof CERTIFICATE) {
    return record(() => {
        const spec = workload({ name: "caddy", exclusive: "ports", ports, front: { hosts: HOSTS, certificate } });
        const target = kubernetesTarget({ edge: { ...EDGE, ...edge } });
        target.workload(spec, {});
        target.complete({});
    });
}

describe("an Ingress", () => {
    test("leads every host name to the edge, over TLS with the given certificate", async () => {
        const annotations = { "nginx.ingress.kubernetes.io/proxy-body-size": "500m" };
        const [, recording] = await run(
            { via: "ingress", className: "nginx", annotations, service: "LoadBalancer" },
            CERTIFICATE,
        );
        const backend = { service: { name: "caddy", port: { number: 80 } } };
        expect(recording.one("caddy", INGRESS).inputs).toMatchObject({
            metadata: { name: "caddy", namespace: "gw-test", annotations },
            spec: {
                ingressClassName: "nginx",
                tls: [{ hosts: HOSTS, secretName: "caddy-certificate-0a1b2c3" }],
                rules: HOSTS.map((host) => ({ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } })),
            },
        });
        expect(recording.one("caddy-certificate").inputs).toMatchObject({
            type: "kubernetes.io/tls",
            immutable: true,
            data: secret({
                "tls.crt": Buffer.from("canary chain").toString("base64"),
                "tls.key": Buffer.from("canary key").toString("base64"),
            }),
        });
        // It comes from inside of the cluster, and the annotations are the Ingress's.
        expect(recording.one("caddy", TYPES.service).inputs).toMatchObject({
            metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { type: "ClusterIP", ports: [{ port: 80, targetPort: 8080 }] },
        });
    });

    test("has cert-manager issue it", async () => {
        const [, recording] = await run({ via: "ingress", clusterIssuer: "letsencrypt" });
        expect(recording.one("caddy", INGRESS).inputs).toMatchObject({
            metadata: { annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" } },
            spec: { tls: [{ hosts: HOSTS, secretName: "caddy-certificate" }] },
        });
        expect(recording.ofType(TYPES.secret)).toEqual([]);
    });

    test("lets the pods in that answer the authority for cert-manager, and no others", async () => {
        const [, recording] = await run({ via: "ingress", clusterIssuer: "letsencrypt" });
        expect(recording.ofType(TYPES.policy).map(({ inputs }) => inputs.spec)).toEqual([
            {
                podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
                policyTypes: ["Ingress"],
                ingress: [{ ports: [{ port: 8089, protocol: "TCP" }] }],
            },
        ]);
        const [, given] = await run({ via: "ingress" }, CERTIFICATE);
        expect(given.ofType(TYPES.policy)).toEqual([]);
    });

    test("leaves room in the quota for the pod that answers for each host name", async () => {
        const hard = async (edge: Partial<typeof EDGE>) => {
            const [, recording] = await run(edge);
            return recording.one("stack", TYPES.quota).inputs.spec as { hard: Record<string, string> };
        };
        expect((await hard({ via: "ingress" })).hard).toMatchObject({ pods: "2", "requests.cpu": "500m" });
        expect((await hard({ via: "ingress", clusterIssuer: "letsencrypt" })).hard).toMatchObject({
            pods: "4",
            "requests.cpu": "520m",
        });
    });

    test("takes the controller's own where there is neither", async () => {
        const [, recording] = await run({ via: "ingress" });
        expect(recording.one("caddy", INGRESS).inputs.spec).toMatchObject({ tls: [{ hosts: HOSTS }] });
        expect(recording.one("caddy", INGRESS).inputs.spec).not.toHaveProperty("ingressClassName");
    });
});

describe("a Gateway", () => {
    test("listens for every host name over TLS, and sends who comes over HTTP there", async () => {
        const [, recording] = await run({ via: "gateway", className: "istio" }, CERTIFICATE);
        const tls = { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "caddy-certificate-0a1b2c3" }] };
        expect(recording.one("caddy", GATEWAY).inputs.spec).toEqual({
            gatewayClassName: "istio",
            listeners: [
                { name: "http", protocol: "HTTP", port: 80 },
                { name: "https-0", protocol: "HTTPS", port: 443, hostname: "example.com", tls },
                { name: "https-1", protocol: "HTTPS", port: 443, hostname: "api.example.com", tls },
            ],
        });
        expect(recording.one("caddy", ROUTE).inputs.spec).toEqual({
            parentRefs: [
                { name: "caddy", sectionName: "https-0" },
                { name: "caddy", sectionName: "https-1" },
            ],
            hostnames: HOSTS,
            rules: [{ backendRefs: [{ name: "caddy", port: 80 }] }],
        });
        expect(recording.one("caddy-redirect", ROUTE).inputs.spec).toMatchObject({
            parentRefs: [{ name: "caddy", sectionName: "http" }],
            rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
        });
    });

    test("without a certificate is an error", async () => {
        const [error] = await record(() => {
            const spec = workload({ exclusive: "ports", ports, front: { hosts: HOSTS } });
            return thrown(() =>
                kubernetesTarget({ edge: { ...EDGE, via: "gateway", className: "istio" } }).workload(spec, {}),
            );
        });
        expect(error.message).toContain("A Gateway needs a certificate");
    });
});

test("behind it Caddy ends no TLS, sends nobody elsewhere, and believes what it is told of the client", () => {
    const text = caddyfile({
        tls: { mode: "acme", email: "platform@example.com" },
        fronted: true,
        trustedProxies: ["35.191.0.0/16", "130.211.0.0/22"],
        http3: true,
        publicHttpsPort: 443,
        sites: [{ host: "example.com", routes: [{ upstreams: { name: "api-headless", port: 3000 } }] }],
        maxBodyMiB: 100,
        privatePaths: ["/metrics"],
        accessLog: { path: "/var/log/caddy/access.log", rollSizeMiB: 50, rollKeep: 5, rollKeepDays: 7 },
        graceSeconds: 15,
    });
    expect(text).toContain("http://example.com {");
    expect(text).toContain("trusted_proxies private_ranges 35.191.0.0/16 130.211.0.0/22\n");
    // By address, as a balancer asks for it.
    expect(text).toContain("http:// {\n\theader -Server\n\trespond /healthz 200\n\trespond 404\n}");
    expect(text).toContain("Strict-Transport-Security");
    expect(text).toContain("@private path /metrics");
    for (const absent of ["https://", "redir https", "tls ", "email", "Alt-Svc"]) {
        expect(text).not.toContain(absent);
    }
});
