/** What the end-to-end tests take for granted of a cluster, so that a failure of theirs is not the cluster's. */
import { randomBytes } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { waitFor } from "../../support/wait";
import { type Cluster, ensureCluster } from "./cluster";

const namespace = `smoke-${randomBytes(3).toString("hex")}`;
let cluster: Cluster;

describe("the tests' cluster", () => {
    beforeAll(async () => {
        cluster = await ensureCluster();
        await create(undefined, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        // First, because it takes up to a minute to fire.
        await create(namespace, cronJob());
        const account = () => kubectl("get", "serviceaccount", "default").then(() => true);
        await waitFor(account, { what: "the namespace's service account", seconds: 120 });
        await create(namespace, web(), webService(), shell("client", { role: "friend" }), shell("stranger", {}));
        await kubectl("wait", "--for=condition=Ready", "pod/client", "pod/stranger", "--timeout", "300s");
        // Where nothing was built before, Kubernetes is built now.
    }, 45 * 60_000);

    afterAll(async () => {
        await cluster.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found");
    });

    test("reaches a Deployment from another pod by its service's name", async () => {
        await kubectl("rollout", "status", "deployment/web", "--timeout", "300s");
        for (const host of ["web", `web.${namespace}.svc.cluster.local`]) {
            await waitFor(() => reaches("client", host), { what: `an answer of ${host}`, seconds: 180 });
        }
    }, 900_000);

    test("keeps what a StatefulSet wrote to its volume when its pod is replaced", async () => {
        await create(namespace, counter());
        await kubectl("rollout", "status", "statefulset/counter", "--timeout", "300s");
        const claim = await kubectl(
            "get",
            "pvc",
            "data-counter-0",
            "-o",
            "jsonpath={.status.phase} {.spec.storageClassName}",
        );
        expect(claim).toMatch(cluster.ours ? /^Bound standard$/ : /^Bound /);
        const told = `jsonpath={.metadata.uid} {.status.conditions[?(@.type=="Ready")].status}`;
        const look = async (): Promise<string[]> =>
            (await kubectl("get", "pod", "counter-0", "-o", told)).trim().split(" ");
        const [before] = await look();
        await kubectl("delete", "pod", "counter-0", "--grace-period", "1");
        // The StatefulSet itself may know only of the one before.
        const isReplaced = async (): Promise<boolean> => {
            const [uid, isReady] = await look();
            return uid !== before && isReady === "True";
        };
        await waitFor(isReplaced, {
            what: "another pod, ready",
            seconds: 300,
            explain: () => kubectl("get", "pods,events"),
        });
        const starts = async () => (await kubectl("exec", "counter-0", "--", "cat", "/data/starts")).trim().split("\n");
        await expect.poll(starts).toHaveLength(2);
    }, 900_000);

    test("refuses a pod that violates the restricted standard where a namespace enforces it", async () => {
        await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
        try {
            // The API server hears of a label a moment later. It is only asked, so that nothing comes of a yes.
            const ask = () => cluster.apply([shell("careless", {})], "--namespace", namespace, "--dry-run=server");
            const refusal = () => ask().catch((error: Error) => error.message);
            await expect.poll(refusal).toMatch(/violates PodSecurity "restricted/);
        } finally {
            await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce-");
        }
    });

    test("drops what no NetworkPolicy allows, and nothing else", async (context) => {
        if (!cluster.networkPolicies) context.skip("not enforced here");
        await waitFor(() => reaches("stranger", "web"), { what: "an answer before any policy", seconds: 180 });
        await create(namespace, onlyFriends());
        await waitFor(async () => !(await reaches("stranger", "web")), { what: "the denial", seconds: 180 });
        await waitFor(() => reaches("client", "web"), { what: "an answer to the friend", seconds: 60 });
        await create(namespace, onlyDns("client"));
        await waitFor(async () => !(await reaches("client", "web")), { what: "the denial of egress", seconds: 180 });
        // The name is found all the same: it is the connection that is denied.
        const found = () => kubectl("exec", "client", "--", "nslookup", `web.${namespace}.svc.cluster.local`);
        await expect.poll(found).toContain("Address");
        await kubectl("delete", "networkpolicy", "--all");
        await waitFor(() => reaches("stranger", "web"), {
            what: "an answer after the policies are gone",
            seconds: 180,
        });
    }, 900_000);

    test("says what pods use", async () => {
        let said = "";
        const isTold = async (): Promise<boolean> => {
            said = await kubectl("top", "pod", "client", "--no-headers");
            return said !== "";
        };
        await waitFor(isTold, { what: "kubectl top", seconds: 300 });
        expect(said).toMatch(/^client\s+\d+m\s+\d+Mi/);
    }, 900_000);

    test("fires a CronJob", async () => {
        const succeeded = "jsonpath={.items[?(@.status.succeeded==1)].metadata.name}";
        await waitFor(async () => (await kubectl("get", "jobs", "-o", succeeded)) !== "", {
            what: "a job that succeeded",
            seconds: 300,
            explain: () => kubectl("get", "jobs,pods,events"),
        });
    }, 900_000);

    test("is found again rather than started anew", async () => {
        const started = (): Promise<string> =>
            cluster.kubectl("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}");
        const before = await started();
        await ensureCluster();
        expect(await started()).toBe(before);
    }, 900_000);
});

function kubectl(...args: string[]): Promise<string> {
    return cluster.kubectl("--namespace", namespace, ...args);
}

async function create(within: string | undefined, ...objects: object[]): Promise<void> {
    await cluster.apply(objects, ...(within === undefined ? [] : ["--namespace", within]));
}

/** Whether a pod gets the page of a host within two seconds. */
async function reaches(pod: string, host: string): Promise<boolean> {
    // Not wget's own limit: in a static busybox it crashes.
    return kubectl("exec", pod, "--", "timeout", "2", "wget", "-q", "-O", "-", `http://${host}/`).then(
        (page) => page.includes("hello"),
        () => false,
    );
}

function container(script: string, more: object = {}): object {
    return { name: "main", image: cluster.toolsImage, command: ["sh", "-c", script], ...more };
}

const SLEEP = "trap exit TERM; sleep infinity & wait";

function shell(name: string, labels: Record<string, string>): object {
    return { apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec: { containers: [container(SLEEP)] } };
}

function web(): object {
    const serve = "echo hello > /tmp/index.html && exec httpd -f -p 8080 -h /tmp";
    const readinessProbe = { httpGet: { path: "/", port: "http" }, periodSeconds: 1 };
    const containers = [container(serve, { ports: [{ name: "http", containerPort: 8080 }], readinessProbe })];
    return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
            replicas: 2,
            selector: { matchLabels: { app: "web" } },
            template: { metadata: { labels: { app: "web" } }, spec: { containers } },
        },
    };
}

function webService(): object {
    const spec = { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] };
    return { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec };
}

/** Each start of it leaves a line. */
function counter(): object {
    const volumeMounts = [{ name: "data", mountPath: "/data" }];
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } };
    return {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "counter" },
        spec: {
            serviceName: "counter",
            selector: { matchLabels: { app: "counter" } },
            template: {
                metadata: { labels: { app: "counter" } },
                spec: { containers: [container(`date >> /data/starts; ${SLEEP}`, { volumeMounts })] },
            },
            volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
        },
    };
}

function cronJob(): object {
    const template = { spec: { restartPolicy: "Never", containers: [container("true")] } };
    return {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "minutely" },
        spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } },
    };
}

function onlyFriends(): object {
    const from = [{ podSelector: { matchLabels: { role: "friend" } } }];
    return policy("only-friends", {
        podSelector: { matchLabels: { app: "web" } },
        // By its name: it must be looked up in the pods.
        ingress: [{ from, ports: [{ port: "http" }] }],
    });
}

function onlyDns(pod: string): object {
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
    const to = [{ namespaceSelector, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }];
    return policy(`${pod}-only-dns`, {
        podSelector: { matchLabels: { role: "friend" } },
        policyTypes: ["Egress"],
        egress: [{ to, ports: [{ port: 53, protocol: "UDP" }] }],
    });
}

function policy(name: string, spec: object): object {
    return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name }, spec };
}
