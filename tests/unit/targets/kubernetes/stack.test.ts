/** What a stack has once. Cannot prove: see components/harness.ts; and that the quota leaves room for a rollout, which e2e does. */
import { RunError } from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { thrown } from "../../components/fixtures";
import { record } from "../../components/harness";
import { controller } from "./controller";
import { job, kubernetesTarget, mount, TYPES, workload } from "./fixtures";

test("its namespace takes pods of the restricted level only", async () => {
    const [, recording] = await record(() => kubernetesTarget());
    expect(recording.one("gw-test", TYPES.namespace).inputs.metadata).toEqual({
        name: "gw-test",
        labels: {
            "app.kubernetes.io/name": "gw-test",
            "app.kubernetes.io/instance": "gw-test",
            "app.kubernetes.io/component": "namespace",
            "app.kubernetes.io/part-of": "debt-os",
            "app.kubernetes.io/managed-by": "groundwork",
            "app.kubernetes.io/version": "1.2.3",
            "dev.groundwork/environment": "dev",
            "dev.groundwork/stack": "test",
            "dev.groundwork/system": "debt-os",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "v1.34",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": "v1.34",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": "v1.34",
        },
    });
});

test("its namespace may have labels of others, which change none of its own", async () => {
    const inject = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" };
    const namespaceLabels = { ...inject, "pod-security.kubernetes.io/enforce": "privileged" };
    const [, recording] = await record(() => kubernetesTarget({ namespaceLabels }));
    expect(recording.one("gw-test", TYPES.namespace).inputs).toMatchObject({
        metadata: { labels: { ...inject, "pod-security.kubernetes.io/enforce": "restricted" } },
    });
});

test("it may have another namespace, and a cluster by context", async () => {
    const [, recording] = await record(() => kubernetesTarget({ namespace: "platform", context: "prod-eu" }));
    expect(recording.one("gw-test", TYPES.namespace).inputs).toMatchObject({ metadata: { name: "platform" } });
    expect(recording.one("kubernetes").inputs).toMatchObject({ context: "prod-eu" });
});

test("stores come before services, and prod before dev, which pushes nobody out", async () => {
    const classes = async (environment: "dev" | "prod") => {
        const [, recording] = await record(() => kubernetesTarget({ environment }));
        return recording.ofType(TYPES.priority).map(({ inputs }) => inputs);
    };
    expect(await classes("dev")).toMatchObject([
        { metadata: { name: "gw-test-stores" }, value: 102_000, preemptionPolicy: "Never", globalDefault: false },
        { metadata: { name: "gw-test-services" }, value: 101_000, preemptionPolicy: "Never", globalDefault: false },
    ]);
    expect(await classes("prod")).toMatchObject([
        { value: 302_000, preemptionPolicy: "PreemptLowerPriority" },
        { value: 301_000, preemptionPolicy: "PreemptLowerPriority" },
    ]);
});

test("its quota is what it asks for: a service twice, for a rollout, and at most as often as it may be scaled", async () => {
    const [, recording] = await record(() => {
        const target = kubernetesTarget();
        const own = mount(target, { name: "data", owner: "store", sizeMiB: 512 });
        target.workload(workload({ name: "store", exclusive: "data", mounts: [own] }), {});
        target.workload(workload({ replicas: 3, autoscale: { min: 2, max: 4, cpuPercent: 70 } }), {});
        target.job(job(), {});
        target.complete({});
    });
    // Nothing of claims: one that is new or grows would be refused, for as long as the quota is that of the release before.
    // 1 + 2 × 4 + 2 pods, each of 0.25 to 1 core, 256 to 1024 MiB and 74 to 94 MiB of disk.
    expect(recording.one("stack", TYPES.quota).inputs.spec).toEqual({
        hard: {
            "limits.cpu": "11",
            "limits.ephemeral-storage": "1034Mi",
            "limits.memory": "11Gi",
            pods: "11",
            "requests.cpu": "2750m",
            "requests.ephemeral-storage": "814Mi",
            "requests.memory": "2816Mi",
        },
    });
    expect(recording.one("stack", TYPES.limits).inputs.spec).toMatchObject({
        limits: [{ type: "Container", default: { memory: "512Mi" }, defaultRequest: { memory: "64Mi" } }],
    });
});

test("each workload has an account of its own, with no token", async () => {
    const [, recording] = await record(() => {
        const target = kubernetesTarget();
        target.workload(workload(), {});
        target.job(job(), {});
    });
    expect(recording.ofType(TYPES.serviceAccount).map(({ name, inputs }) => [name, inputs])).toEqual([
        ["app", expect.objectContaining({ automountServiceAccountToken: false })],
        ["app-migrate", expect.objectContaining({ automountServiceAccountToken: false })],
    ]);
});

test("pods have the names of the Secrets by which they pull their images", async () => {
    const [, recording] = await record(() =>
        kubernetesTarget({ imagePullSecrets: ["registry-login"] }).workload(workload(), {}),
    );
    const { template } = controller(recording).spec;
    expect(template.spec.imagePullSecrets).toEqual([{ name: "registry-login" }]);
});

test("a name that is too long for a namespace is an error that says how long it may be", async () => {
    const [error] = await record(() => thrown(() => kubernetesTarget({ prefix: `gw-${"a".repeat(61)}` })));
    expect(RunError.isInstance(error)).toBe(true);
    expect(error.message).toContain("61 characters, and on Kubernetes, where it is part of labels, it may have 60");
});
