/** What is said of objects that are no workload, as the API server shows them. */
import { describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../../../packages/engine/src/provider";
import { judgeFor } from "../../../../../packages/engine/src/providers/kubernetes/await";
import { endpoints } from "../../../../../packages/engine/src/providers/kubernetes/await/network";
import { kindOf } from "../../../../../packages/engine/src/providers/kubernetes/type";
import { judge, look } from "./look";

describe("a claim", () => {
    const claim = judge("core/v1:PersistentVolumeClaim");
    const classes = (volumeBindingMode: string) => ({
        StorageClass: [
            {
                metadata: { name: "s", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
                volumeBindingMode,
            },
        ],
    });
    const pending = (storageClassName?: string) => ({ spec: { storageClassName }, status: { phase: "Pending" } });

    it("is waited for only where its class binds at once", async () => {
        expect(await look(claim, pending(), classes("Immediate"))).toMatchObject({ ready: false });
        expect(await look(claim, pending(), classes("WaitForFirstConsumer"))).toMatchObject({ ready: true });
        expect(await look(claim, pending(""), classes("Immediate"))).toMatchObject({
            ready: true,
            note: expect.stringMatching(/no storage class/) as string,
        });
        expect(await look(claim, { status: { phase: "Bound" } })).toMatchObject({ ready: true });
    });

    it("of a class that there is not says so", async () => {
        expect(await look(claim, pending("fast"), classes("Immediate"))).toMatchObject({
            troubles: [{ text: `there is no storage class "fast"` }],
        });
    });
});

describe("a Service", () => {
    const service = judge("core/v1:Service");
    const slice = (ready: boolean) => ({
        metadata: { labels: { "kubernetes.io/service-name": "x" } },
        endpoints: [{ conditions: { ready } }],
    });
    const selecting = { spec: { selector: { a: "1" } } };
    const pod = { metadata: { labels: { a: "1" } } };

    it("is waited for where a load balancer is to have an address", async () => {
        expect(await look(service, { spec: { type: "ClusterIP" } })).toMatchObject({ ready: true });
        expect(await look(service, { spec: { type: "LoadBalancer" } })).toMatchObject({ ready: false });
        expect(
            await look(service, {
                spec: { type: "LoadBalancer" },
                status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
            }),
        ).toMatchObject({ ready: true });
    });

    it("has endpoints in the end, if it selects any pod at all", async () => {
        expect(await look(endpoints, selecting, { EndpointSlice: [slice(true)] })).toMatchObject({ ready: true });
        expect(await look(endpoints, selecting, { EndpointSlice: [slice(false)], Pod: [pod] })).toMatchObject({
            waiting: "none of its 1 pods is ready",
        });
        expect(await look(endpoints, selecting, { Pod: [{ metadata: { labels: { a: "2" } } }] })).toMatchObject({
            ready: true,
            note: "no pod has its labels a=1",
        });
        expect(await look(endpoints, { spec: {} })).toEqual({ ready: true });
    });
});

describe("an Ingress", () => {
    const ingress = judge("networking.k8s.io/v1:Ingress");
    const classes = { IngressClass: [{ metadata: { name: "nginx" } }] };

    it("is waited for where somebody serves it", async () => {
        expect(await look(ingress, { spec: {} })).toMatchObject({
            ready: true,
            note: expect.stringMatching(/no ingress controller/) as string,
        });
        expect(await look(ingress, { spec: { ingressClassName: "other" } }, classes)).toMatchObject({
            ready: true,
            note: expect.stringMatching(/no IngressClass "other"/) as string,
        });
        expect(await look(ingress, { spec: { ingressClassName: "nginx" } }, classes)).toMatchObject({ ready: false });
    });
});

describe("annotations", () => {
    const annotated = (annotations: PropertyMap): PropertyMap => ({ metadata: { annotations } });

    it("skip the waiting", () => {
        expect(
            judgeFor(kindOf("kubernetes:apps/v1:Deployment"), annotated({ "pulumi.com/skipAwait": "true" })),
        ).toBeUndefined();
    });

    it.each<[string, object, boolean]>([
        ["condition=Ready", { status: { conditions: [{ type: "Ready", status: "True" }] } }, true],
        ["condition=Ready", { status: { conditions: [{ type: "Ready", status: "False" }] } }, false],
        ["condition=Stalled=false", { status: { conditions: [{ type: "Stalled", status: "False" }] } }, true],
        ["jsonpath={.status.phase}=Running", { status: { phase: "Running" } }, true],
        ["jsonpath={.status.phase}=Running", { status: { phase: "Failed" } }, false],
        ["jsonpath={.status.list[1].ip}", { status: { list: [{}, { ip: "a" }] } }, true],
        ["jsonpath={.status.list[1].ip}", { status: { list: [{}] } }, false],
        [
            `["condition=A", "jsonpath={.status.n}=2"]`,
            { status: { n: 2, conditions: [{ type: "A", status: "True" }] } },
            true,
        ],
        [
            `["condition=A", "jsonpath={.status.n}=2"]`,
            { status: { n: 1, conditions: [{ type: "A", status: "True" }] } },
            false,
        ],
    ])("wait for %s", async (text, live, ready) => {
        const custom = judge("example.com/v1:Widget", annotated({ "pulumi.com/waitFor": text }));
        expect(await look(custom, live)).toMatchObject({ ready });
    });

    it("say what the controller says while a condition does not hold", async () => {
        const custom = judge("example.com/v1:Widget", annotated({ "pulumi.com/waitFor": "condition=Ready" }));
        const condition = { type: "Ready", status: "False", reason: "SecretSyncedError", message: "no such store" };
        expect(await look(custom, { status: { conditions: [condition] } })).toMatchObject({
            waiting: "its condition Ready is not True yet (SecretSyncedError: no such store)",
        });
        expect(await look(custom, {})).toMatchObject({ waiting: "its condition Ready is not True yet" });
    });

    it.each(["ready", "jsonpath={.items[*].x}", "[1]", "[]"])("that cannot be read are an error: %s", (text) => {
        expect(() => judge("example.com/v1:Widget", annotated({ "pulumi.com/waitFor": text }))).toThrow(
            /pulumi\.com\/waitFor/,
        );
    });
});
