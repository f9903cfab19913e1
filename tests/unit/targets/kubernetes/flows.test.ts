/**
 * Who may talk to whom, of all five systems: derived here from the systems' data, and compared with what the network policies let through
 * when they are held against the labels of the pods. Cannot prove that the cluster's network enforces policies.
 */
import { expect, test } from "vitest";

import { Platform } from "../../../../components/platform";
import type { StackConfig } from "../../../../config/types";
import { SYSTEMS } from "../../../../systems";
import { type System, SYSTEM_KEYS, type SystemKey } from "../../../../systems/types";
import { KubernetesTarget } from "../../../../targets/kubernetes";
import { stackConfig } from "../../components/fixtures";
import { type Recording, record } from "../../components/harness";
import { TYPES } from "./fixtures";

const WORLD = "(world)";
const INTERNET = "(internet)";
/** Where NodeLocal DNSCache listens on every node. */
const NODE_LOCAL_DNS = "169.254.20.10/32";

interface Peer {
    podSelector?: { matchLabels?: Record<string, string> };
    namespaceSelector?: object;
    ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
    from?: Peer[];
    to?: Peer[];
    ports?: { port: number; protocol: string }[];
}
interface Policy {
    podSelector: { matchLabels?: Record<string, string> };
    policyTypes: string[];
    ingress?: Rule[];
    egress?: Rule[];
}

async function platform(
    key: SystemKey,
    tls: "internal" | "acme" = "internal",
    postgres: StackConfig["postgres"] = {},
    edge: Partial<StackConfig["kubernetes"]["edge"]> = {},
): Promise<Recording> {
    const { kubernetes } = stackConfig(key, {});
    const config = stackConfig(key, {
        target: "kubernetes",
        kubernetes: { ...kubernetes, edge: { ...kubernetes.edge, ...edge } },
        postgres,
        ...(tls === "acme" && { tls: { mode: tls, email: "platform@example.com" } }),
    });
    const identity = { stack: "test", system: key, environment: "dev", version: "1.2.3", prefix: "gw-test" } as const;
    const [, recording] = await record(() => {
        const target = new KubernetesTarget(identity, { ...config.kubernetes, protect: false });
        return new Platform("gw-test", { system: SYSTEMS[key], config, target, localImageRef: (name) => name });
    });
    return recording;
}

/** Labels of the pods of each controller and job, by its name. */
function pods(recording: Recording): Map<string, Record<string, string>> {
    const controllers = [TYPES.deployment, TYPES.statefulSet, TYPES.job].flatMap((type) => recording.ofType(type));
    return new Map(
        controllers.map(({ name, inputs }) => [
            name,
            (inputs as { spec: { template: { metadata: { labels: Record<string, string> } } } }).spec.template.metadata
                .labels,
        ]),
    );
}

function policies(recording: Recording): Policy[] {
    return recording.ofType(TYPES.policy).map(({ inputs }) => inputs.spec as Policy);
}

const matches = (labels: Record<string, string>, wanted: Record<string, string> = {}) =>
    Object.entries(wanted).every(([name, value]) => labels[name] === value);

/**
 * `from → to:port/protocol` of every connection that both ends let through, as the API's documentation says it is judged.
 * @param others Labels of pods that are not the stack's, in its namespace, by name
 */
function allowed(recording: Recording, others: Record<string, Record<string, string>> = {}): string[] {
    const all = new Map([...pods(recording), ...Object.entries(others)]);
    const own = policies(recording);
    const found = new Set<string>();
    const rules = (name: string, direction: "ingress" | "egress") =>
        own.filter((p) => matches(all.get(name)!, p.podSelector.matchLabels)).flatMap((p) => p[direction] ?? []);
    const portsOf = (rule: Rule) => (rule.ports ?? []).map(({ port, protocol }) => `${port}/${protocol.toLowerCase()}`);
    const peerPods = (peers: Peer[]) =>
        [...all].filter(([, labels]) =>
            peers.some(
                (peer) => peer.podSelector && !peer.namespaceSelector && matches(labels, peer.podSelector.matchLabels),
            ),
        );
    for (const to of all.keys()) {
        for (const rule of rules(to, "ingress")) {
            if (!rule.from) portsOf(rule).forEach((port) => found.add(`${WORLD} → ${to}:${port}`));
            for (const [from] of peerPods(rule.from ?? [])) {
                const out = rules(from, "egress").filter((r) => peerPods(r.to ?? []).some(([name]) => name === to));
                const ports = new Set(out.flatMap(portsOf));
                portsOf(rule)
                    .filter((port) => ports.has(port))
                    .forEach((port) => found.add(`${from} → ${to}:${port}`));
            }
        }
    }
    for (const from of all.keys()) {
        const outside = rules(from, "egress").filter((rule) =>
            rule.to?.some(({ ipBlock }) => ipBlock && ipBlock.cidr !== NODE_LOCAL_DNS),
        );
        if (outside.length > 0) found.add(`${from} → ${INTERNET}`);
    }
    return [...found].sort();
}

/** The same, from the system's data alone. */
function named(system: System, readReplicas = 0): string[] {
    const { postgres } = system.stores;
    const storePorts: Record<string, number> = {
        postgres: 5432,
        pgbouncer: 6432,
        redis: 6379,
        memgraph: system.stores.memgraph?.boltPort ?? 0,
    };
    const portOf = (name: string) => storePorts[name] ?? system.services.find((s) => s.name === name)?.port;
    const pooled = (to: string) => (to === "postgres" && postgres?.pooler ? "pgbouncer" : to);
    const flows = system.services.flatMap((service) => [
        ...service.dependsOn.map(pooled).map((to) => `${service.name} → ${to}:${portOf(to)}/tcp`),
        ...(service.outbound ? [`${service.name} → ${INTERNET}`] : []),
    ]);
    for (const migration of system.migrations) {
        const { dependsOn } = system.services.find((s) => s.name === migration.service)!;
        const stores = dependsOn.filter((name) => name in system.stores);
        flows.push(...stores.map((to) => `${migration.service}-${migration.name} → ${to}:${portOf(to)}/tcp`));
    }
    if (postgres?.pooler) flows.push("pgbouncer → postgres:5432/tcp");
    if (postgres?.replicaVolume) flows.push("postgres-replication → postgres:5432/tcp");
    if (readReplicas > 0) {
        flows.push("postgres-replica → postgres:5432/tcp", "postgres → postgres-replica:5432/tcp");
        const readers = system.services.filter((s) => s.secrets.includes("DATABASE_REPLICA_URL"));
        flows.push(...readers.map((s) => `${s.name} → postgres-replica:5432/tcp`));
    }
    if (postgres?.extensions.length) flows.push("postgres-extensions → postgres:5432/tcp");
    for (const { service } of system.edge.routes) flows.push(`caddy → ${service}:${portOf(service)}/tcp`);
    flows.push(`${WORLD} → caddy:8080/tcp`, `${WORLD} → caddy:8443/tcp`, `${WORLD} → caddy:8443/udp`);
    return [...new Set(flows)].sort();
}

test.each(SYSTEM_KEYS)("%s: exactly the connections that its data names", async (key) => {
    const recording = await platform(key);
    expect(allowed(recording)).toEqual(named(SYSTEMS[key]));
});

test("opshub with a read replica: what reads there reaches it, and it and the primary reach each other", async () => {
    const recording = await platform("opshub", "internal", { readReplicas: 1 });
    expect(allowed(recording)).toEqual(named(SYSTEMS.opshub, 1));
    expect(allowed(recording)).toEqual(
        expect.arrayContaining([
            "api → postgres-replica:5432/tcp",
            "postgres-replica → postgres:5432/tcp",
            "worker → postgres-replica:5432/tcp",
        ]),
    );
});

test("a pod of cert-manager's answers the authority through the front, reaches nothing, and without an issuer is not reached", async () => {
    const solver = { solver: { "acme.cert-manager.io/http01-solver": "true" } };
    const ofSolver = async (edge: Partial<StackConfig["kubernetes"]["edge"]>) =>
        allowed(await platform("opshub", "acme", {}, edge), solver).filter((flow) => flow.includes("solver"));
    expect(await ofSolver({ via: "ingress", clusterIssuer: "letsencrypt" })).toEqual([`${WORLD} → solver:8089/tcp`]);
    expect(await ofSolver({})).toEqual([]);
});

test.each(SYSTEM_KEYS)("%s: every pod is denied everything else, and may look names up", async (key) => {
    const recording = await platform(key);
    const deny = recording.one("default-deny", TYPES.policy).inputs.spec;
    expect(deny).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(recording.one("allow-dns", TYPES.policy).inputs.spec).toEqual({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
            {
                to: [
                    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
                    { ipBlock: { cidr: NODE_LOCAL_DNS } },
                ],
                ports: [
                    { port: 53, protocol: "TCP" },
                    { port: 53, protocol: "UDP" },
                ],
            },
        ],
    });
    // And before any of them starts.
    for (const type of [TYPES.deployment, TYPES.statefulSet, TYPES.job]) {
        for (const { dependencies } of recording.ofType(type)) {
            expect(dependencies).toEqual(expect.arrayContaining(["default-deny", "allow-dns"]));
        }
    }
});

test("the internet is not the cluster, the site or the cloud's metadata address", async () => {
    const { inputs } = (await platform("debt-os")).one("api", TYPES.policy);
    const outside = (inputs.spec as Policy).egress!.find((rule) => rule.to?.some((peer) => peer.ipBlock))!;
    expect(outside).toEqual({
        to: [
            {
                ipBlock: {
                    cidr: "0.0.0.0/0",
                    except: [
                        "10.0.0.0/8",
                        "100.64.0.0/10",
                        "127.0.0.0/8",
                        "169.254.0.0/16",
                        "172.16.0.0/12",
                        "192.168.0.0/16",
                    ],
                },
            },
            { ipBlock: { cidr: "::/0", except: ["::1/128", "fc00::/7", "fe80::/10"] } },
        ],
    });
});

test("the edge goes out only where a public authority issues its certificate", async () => {
    expect(allowed(await platform("debt-os"))).not.toContain(`caddy → ${INTERNET}`);
    expect(allowed(await platform("debt-os", "acme"))).toContain(`caddy → ${INTERNET}`);
});
