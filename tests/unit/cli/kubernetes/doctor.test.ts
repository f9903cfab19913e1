import { describe, expect, it } from "vitest";

import type { StackConfig } from "../../../../config/types";
import { expectPrerequisites } from "../../../../packages/cli/src/runs/prerequisites";
import { checkCloudNativePg } from "../../../../packages/cli/src/doctor/cloudnative-pg";
import { checkExternalSecrets } from "../../../../packages/cli/src/doctor/external-secrets";
import { namedClass, networkPolicies, storageClass } from "../../../../packages/cli/src/doctor/kubernetes";
import type { Cluster } from "../../../../packages/cli/src/kubernetes/client";
import type { V1DaemonSet, V1Node, V1StorageClass } from "../../../../packages/cli/src/kubernetes/types";
import { stackConfig } from "../../components/fixtures";
import { gw, project } from "../fixtures";

describe("the storage class of a cluster", () => {
    const named = (name: string, isDefault = false): V1StorageClass => ({
        provisioner: "p",
        metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
    });

    it("is its default, or the one that the stack names", () => {
        expect(storageClass([named("slow"), named("fast", true)], undefined, []).found).toBe("fast is the default (p)");
        expect(storageClass([named("slow")], "slow", []).status).toBe("ok");
    });

    it("is missing where there is neither, with those that there are", () => {
        expect(storageClass([named("slow")], undefined, [])).toMatchObject({
            status: "missing",
            found: "there is no default one",
        });
        const absent = storageClass([named("slow")], "fast", []);
        expect([absent.status, absent.remedy]).toEqual(["missing", "The cluster has: slow."]);
    });

    it("that makes volumes before their pods have a node is told of where there are several zones", () => {
        const node = (zone: string): V1Node => ({ metadata: { labels: { "topology.kubernetes.io/zone": zone } } });
        const zones = [node("a"), node("b")];
        const late: V1StorageClass = { ...named("late", true), volumeBindingMode: "WaitForFirstConsumer" };
        expect(storageClass([named("soon", true)], undefined, zones)).toMatchObject({
            status: "warning",
            found: "soon makes volumes before their pods have a node",
        });
        expect(storageClass([named("soon")], "soon", zones).status).toBe("warning");
        expect(storageClass([named("soon", true)], undefined, [node("a"), node("a")]).status).toBe("ok");
        expect(storageClass([named("soon", true)], undefined, [node("a"), {}]).status).toBe("ok");
        expect(storageClass([late], undefined, zones).status).toBe("ok");
    });

    it("of what replicas share is looked for by its own name", () => {
        const shared = (classes: V1StorageClass[]) => namedClass("shared", "sharedStorageClass", classes, "efs");
        expect(shared([named("gp3", true), named("efs")]).status).toBe("ok");
        expect(shared([named("gp3", true)])).toMatchObject({
            status: "missing",
            found: "there is no efs, which groundwork:kubernetes.sharedStorageClass names",
        });
    });
});

describe("network policies", () => {
    const set = (name: string, args: string[] = []): V1DaemonSet => ({
        metadata: { name },
        spec: { selector: {}, template: { spec: { containers: [{ name, args }] } } },
    });
    const k3s = { status: { nodeInfo: { kubeletVersion: "v1.34.1+k3s1" } } } as V1Node;

    it.each([
        [[set("kube-flannel-ds"), set("calico-node")], [], "ok", "enforced by Calico"],
        [[set("cilium")], [], "ok", "enforced by Cilium"],
        [[set("aws-node", ["--enable-network-policy=true"])], [], "ok", "enforced by the Amazon VPC CNI"],
        [[], [k3s], "ok", "enforced by K3s"],
        [[set("kube-flannel-ds")], [], "warning", "not enforced by Flannel"],
        [[set("aws-node")], [], "warning", "unknown: no network that is known to enforce them was found"],
    ] as const)("of a cluster with %j", (sets, nodes, status, found) => {
        expect(networkPolicies([...sets], [...nodes])).toMatchObject({ status, found });
    });
});

describe("External Secrets", () => {
    const notFound = Object.assign(new Error("not found"), { code: 404 });
    const store = (conditions: object[]) => ({ status: { conditions } });
    const custom = (there: boolean, live?: object) => ({
        listClusterCustomObject: () => (there ? Promise.resolve({ items: [] }) : Promise.reject(notFound)),
        getClusterCustomObject: () => (live ? Promise.resolve(live) : Promise.reject(notFound)),
    });

    it.each([
        [custom(false), {}, "missing", "the cluster has no ExternalSecret in external-secrets.io/v1"],
        [custom(true), { name: "vault" }, "missing", "there is no ClusterSecretStore vault"],
        [
            custom(true, store([{ type: "Ready", status: "False", message: "no credentials" }])),
            { name: "vault" },
            "warning",
            "the ClusterSecretStore vault is not ready: no credentials",
        ],
        [
            custom(true, store([{ type: "Ready", status: "True" }])),
            { name: "vault" },
            "ok",
            "the ClusterSecretStore vault is ready",
        ],
        [
            custom(true),
            { name: "own", kind: "SecretStore" },
            "ok",
            "external-secrets.io/v1 is there; own is looked for in the stack's namespace",
        ],
    ] as const)("of a cluster: %#", async (api, named, status, found) => {
        const cluster = { custom: api } as unknown as Pick<Cluster, "custom">;
        expect(await checkExternalSecrets(cluster, named)).toMatchObject({ status, found });
    });
});

describe("CloudNativePG", () => {
    const notFound = Object.assign(new Error("not found"), { code: 404 });
    const forbidden = Object.assign(new Error("forbidden"), { code: 403 });
    const schema = (properties: object) => ({
        spec: { versions: [{ schema: { openAPIV3Schema: { properties: { spec: { properties } } } } }] },
    });
    const operator = (status: string) => ({ status: { conditions: [{ type: "Ready", status }] } });
    const cluster = (kinds: string[] | undefined, definition: object | Error, pods: object[] = [operator("True")]) =>
        ({
            custom: {
                getAPIResources: () =>
                    kinds ? Promise.resolve({ resources: kinds.map((kind) => ({ kind })) }) : Promise.reject(notFound),
                getClusterCustomObject: () =>
                    definition instanceof Error ? Promise.reject(definition) : Promise.resolve(definition),
            },
            core: {
                listNamespacedPod: ({ namespace }: { namespace: string }) =>
                    Promise.resolve({ items: namespace === "cnpg-system" ? pods : [] }),
            },
        }) as unknown as Cluster;

    it.each([
        [cluster(undefined, notFound), "missing", "the cluster has no Cluster in postgresql.cnpg.io/v1"],
        [cluster(["Cluster"], notFound), "missing", "postgresql.cnpg.io/v1 is there, without extensions in a Database"],
        [
            cluster(["Cluster", "Database"], schema({ name: {} })),
            "missing",
            "postgresql.cnpg.io/v1 is there, without extensions in a Database",
        ],
        [
            cluster(["Cluster", "Database"], schema({ extensions: {} }), [operator("False")]),
            "warning",
            "postgresql.cnpg.io/v1 is there, but no operator that is ready in cnpg-system",
        ],
        [
            cluster(["Cluster", "Database"], schema({ extensions: {} })),
            "ok",
            "postgresql.cnpg.io/v1 is there, and the operator is ready in cnpg-system",
        ],
        // Who may not read definitions is not kept from trying.
        [
            cluster(["Cluster", "Database"], forbidden),
            "ok",
            "postgresql.cnpg.io/v1 is there, and the operator is ready in cnpg-system",
        ],
    ] as const)("of a cluster: %#", async (api, status, found) => {
        expect(await checkCloudNativePg(api)).toMatchObject({ status, found });
    });

    it("is looked for in the namespace that the stack names, which its network policies let in", async () => {
        const found = await checkCloudNativePg(cluster(["Cluster"], schema({ extensions: {} })), "elsewhere");
        expect(found).toMatchObject({
            status: "warning",
            remedy: expect.stringContaining("operatorNamespace") as unknown,
        });
    });

    describe("before anything is made", () => {
        const config = (stores: Partial<StackConfig["stores"]> = {}, kubernetes: object = {}) => {
            const base = stackConfig("debt-os", { target: "kubernetes" });
            return {
                ...base,
                stores: { ...base.stores, ...stores },
                kubernetes: { ...base.kubernetes, ...kubernetes },
            };
        };
        const postgres = {
            mode: "operator",
            apiServer: ["10.0.0.10/32"],
            operatorNamespace: "cnpg-system",
        } as StackConfig["stores"]["postgres"];
        const never = () => Promise.reject(new Error("it was asked"));

        it("is told of where it is missing, with what to do", async () => {
            const refused = expectPrerequisites(config({ postgres }), () =>
                Promise.resolve(cluster(undefined, notFound)),
            );
            await expect(refused).rejects.toMatchObject({
                name: "FailedError",
                message: "cloudnative-pg: the cluster has no Cluster in postgresql.cnpg.io/v1.\nNothing was changed.",
                hint: "Install CloudNativePG 1.26 or newer, or take stores.postgres.mode out of the stack's file.",
            });
        });

        it("keeps nobody from going on where it is there, though the operator is away", async () => {
            const there = cluster(["Cluster"], schema({ extensions: {} }), []);
            await expect(expectPrerequisites(config({ postgres }), () => Promise.resolve(there))).resolves.toBe(
                undefined,
            );
        });

        it("asks no cluster for a stack that needs nothing of it, nor one that does not answer", async () => {
            await expectPrerequisites(config(), never);
            await expectPrerequisites({ ...config({ postgres }), target: "docker" }, never);
            await expectPrerequisites(config({ postgres }), () => Promise.resolve(undefined));
        });

        it("tells of External Secrets in the same way", async () => {
            const custom = { listClusterCustomObject: () => Promise.reject(notFound) };
            const refused = expectPrerequisites(config({}, { externalSecrets: { store: { name: "vault" } } }), () =>
                Promise.resolve({ custom } as unknown as Cluster),
            );
            await expect(refused).rejects.toThrow("external secrets: the cluster has no ExternalSecret");
        });
    });
});

describe("gw on a stack whose cluster is not there", () => {
    const stack =
        "config:\n  groundwork:environment: dev\n  groundwork:system: debt-os\n  groundwork:target: kubernetes\n";
    const env = { KUBECONFIG: "/nonexistent/kubeconfig" };

    it("says so in doctor, and asks for no Docker engine", async () => {
        const { code, stdout } = await gw(["doctor", "--cwd", project({ dev: stack })], { env });
        expect(code).toBe(1);
        expect(stdout).toContain("✗ cluster     The kubeconfig /nonexistent/kubeconfig is not there.");
        expect(stdout).not.toContain("docker");
    });

    it.each(["status", "logs", "smoke"])("says so in %s, and what to do", async (command) => {
        const { code, stderr } = await gw([command, "--cwd", project({ dev: stack })], { env });
        expect(code).toBe(1);
        expect(stderr).toContain("The kubeconfig /nonexistent/kubeconfig is not there.");
        expect(stderr).toContain("Set KUBECONFIG");
    });
});
