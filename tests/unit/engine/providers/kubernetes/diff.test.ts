/** What can be said of a change without the cluster: these tests reach none. */
import { describe, expect, it } from "vitest";

import { UNKNOWN, type PropertyMap } from "../../../../../packages/engine/src/provider";
import { kubernetesProvider as provider } from "../../../../../packages/engine/src/providers/kubernetes";
import { contextOf, KUBECONFIG } from "./context";

const metadata = { name: "thing", namespace: "team" };

function diff(type: string, before: PropertyMap, after: PropertyMap, live: PropertyMap = {}, config: PropertyMap = {}) {
    const ctx = contextOf(type, { config: { kubeconfig: KUBECONFIG, ...config } });
    const olds = { inputs: { metadata, ...before }, outputs: { metadata, ...before, ...live } };
    return provider.diff(ctx, "team/thing", olds, { metadata, ...after });
}

const container = (image: string): PropertyMap => ({ name: "main", image });
const template = (image: string): PropertyMap => ({ spec: { containers: [container(image)] } });

describe("a change in place", () => {
    it("is shown where it is, and by its inputs alone where the cluster does not answer", async () => {
        const labels = { "app.kubernetes.io/name": "a" };
        const before = { metadata: { ...metadata, labels }, spec: { replicas: 1, template: template("a:1") } };
        const after = {
            metadata: { ...metadata, labels: { "app.kubernetes.io/name": "b" } },
            spec: { template: template("a:2"), paused: true },
        };
        expect(await diff("apps/v1:Deployment", before, after)).toEqual({
            changed: true,
            replaces: [],
            deleteBeforeReplace: false,
            detailed: {
                'metadata.labels["app.kubernetes.io/name"]': "update",
                "spec.replicas": "delete",
                "spec.template.spec.containers[0].image": "update",
                "spec.paused": "add",
            },
        });
    });

    it("is one while it is not known", async () => {
        const result = await diff("apps/v1:Deployment", { spec: { replicas: 1 } }, { spec: { replicas: UNKNOWN } });
        expect(result).toMatchObject({ changed: true, replaces: [], detailed: { "spec.replicas": "update" } });
    });
});

describe("a change that only a new object can have", () => {
    it.each<[string, string, PropertyMap, PropertyMap, string[]]>([
        [
            "a selector",
            "apps/v1:Deployment",
            { spec: { selector: { matchLabels: { a: "1" } } } },
            { spec: { selector: { matchLabels: { a: "2" } } } },
            ["spec.selector"],
        ],
        [
            "fewer labels of a selector",
            "apps/v1:DaemonSet",
            { spec: { selector: { matchLabels: { a: "1", b: "1" } } } },
            { spec: { selector: { matchLabels: { a: "1" } } } },
            ["spec.selector"],
        ],
        [
            "a Service's name",
            "apps/v1:StatefulSet",
            { spec: { serviceName: "a" } },
            { spec: { serviceName: "b" } },
            ["spec.serviceName"],
        ],
        [
            "a claim's size in a StatefulSet",
            "apps/v1:StatefulSet",
            { spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "1Gi" } } } }] } },
            { spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "2Gi" } } } }] } },
            ["spec.volumeClaimTemplates"],
        ],
        [
            "a Job's image",
            "batch/v1:Job",
            { spec: { template: template("a:1") } },
            { spec: { template: template("a:2") } },
            ["spec.template"],
        ],
        [
            "a cluster IP",
            "core/v1:Service",
            { spec: { clusterIP: "10.0.0.1" } },
            { spec: { clusterIP: "None" } },
            ["spec.clusterIP"],
        ],
        [
            "a claim's class",
            "core/v1:PersistentVolumeClaim",
            { spec: { storageClassName: "a" } },
            { spec: { storageClassName: "b" } },
            ["spec.storageClassName"],
        ],
        [
            "a class's provisioner",
            "storage.k8s.io/v1:StorageClass",
            { provisioner: "a" },
            { provisioner: "b" },
            ["provisioner"],
        ],
        ["a priority", "scheduling.k8s.io/v1:PriorityClass", { value: 1 }, { value: 2 }, ["value"]],
        [
            "a role",
            "rbac.authorization.k8s.io/v1:RoleBinding",
            { roleRef: { name: "a" } },
            { roleRef: { name: "b" } },
            ["roleRef"],
        ],
        ["a ConfigMap's data", "core/v1:ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }, ["data"]],
        ["a Secret's data", "core/v1:Secret", { data: { a: "MQ==" } }, { data: { a: "Mg==" } }, ["data"]],
        ["a Secret's type", "core/v1:Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }, ["type"]],
        ["a name", "core/v1:ConfigMap", {}, { metadata: { ...metadata, name: "other" } }, ["metadata.name"]],
        ["a name that is taken away", "core/v1:ConfigMap", {}, { metadata: { namespace: "team" } }, ["metadata.name"]],
        [
            "an unknown image of a Job",
            "batch/v1:Job",
            { spec: { template: template("a:1") } },
            { spec: { template: template(UNKNOWN) } },
            ["spec.template"],
        ],
        [
            "an unknown namespace",
            "core/v1:ConfigMap",
            {},
            { metadata: { ...metadata, namespace: UNKNOWN } },
            ["metadata.namespace"],
        ],
        ["metadata that is not known at all", "core/v1:ConfigMap", {}, { metadata: UNKNOWN }, ["metadata"]],
    ])("is planned as a replacement: %s", async (_title, type, before, after, replaces) => {
        expect((await diff(type, before, after)).replaces).toEqual(replaces);
    });

    it("is none where the program says aloud what the cluster had chosen", async () => {
        const claim = { spec: { resources: { requests: { storage: "1Gi" } } } };
        const live = { spec: { ...claim.spec, storageClassName: "standard", volumeMode: "Filesystem" } };
        const said = { spec: { ...claim.spec, storageClassName: "standard" } };
        expect(await diff("core/v1:PersistentVolumeClaim", claim, said, live)).toMatchObject({ replaces: [] });
        const other = { spec: { ...claim.spec, storageClassName: "fast" } };
        expect(await diff("core/v1:PersistentVolumeClaim", claim, other, live)).toMatchObject({
            replaces: ["spec.storageClassName"],
        });
    });

    it("is none for a claim that grows, nor for a part of a whole that is not known", async () => {
        const size = (storage: string): PropertyMap => ({ spec: { resources: { requests: { storage } } } });
        expect(await diff("core/v1:PersistentVolumeClaim", size("1Gi"), size("2Gi"))).toMatchObject({ replaces: [] });
        const selector = { selector: { matchLabels: { a: "1" } } };
        expect(await diff("apps/v1:Deployment", { spec: selector }, { spec: UNKNOWN })).toMatchObject({ replaces: [] });
    });

    it("is one of data only where that is not mutable", async () => {
        const before = { data: { a: "1" } };
        const after = { data: { a: "2" } };
        const mutable = { enableConfigMapMutable: true };
        expect(await diff("core/v1:ConfigMap", before, after, {}, mutable)).toMatchObject({
            changed: true,
            replaces: [],
        });
        expect(await diff("core/v1:ConfigMap", { ...before, immutable: true }, after, {}, mutable)).toMatchObject({
            replaces: ["data", "immutable"],
        });
    });

    it("deletes first where the program gave the name, and only then", async () => {
        const change = (more: PropertyMap): [PropertyMap, PropertyMap] => [
            { metadata: { ...metadata, ...more }, data: { a: "1" } },
            { metadata: { ...metadata, ...more }, data: { a: "2" } },
        ];
        const autonamed = { annotations: { "pulumi.com/autonamed": "true" } };
        expect(await diff("core/v1:ConfigMap", ...change({}))).toMatchObject({ deleteBeforeReplace: true });
        expect(await diff("core/v1:ConfigMap", ...change(autonamed))).toMatchObject({ deleteBeforeReplace: false });
        const elsewhere = { metadata: { ...metadata, namespace: "other" } };
        expect(await diff("core/v1:ConfigMap", {}, elsewhere)).toMatchObject({ deleteBeforeReplace: false });
    });
});

describe("objects that are as they were", () => {
    // Whoever asked would be told of a change, since nobody answers.
    it("ask the cluster nothing", async () => {
        for (let i = 0; i < 3; i++) {
            const inputs = { spec: { replicas: i, template: template("a:1") } };
            expect(await diff("apps/v1:Deployment", inputs, structuredClone(inputs))).toMatchObject({ changed: false });
        }
    });
});
