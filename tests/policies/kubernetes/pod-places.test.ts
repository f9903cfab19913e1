/** Which kinds rules see pods in, and where: Kubernetes' own are in the specifications of the rules. */
import { expect, test } from "vitest";

import type { Raw } from "../../../policies/core/raw";
import type { Resource } from "../../../policies/core/resource";
import privileged from "../../../policies/kubernetes/pod-security/privileged";
import recommendedLabels from "../../../policies/kubernetes/metadata/recommended-labels";
import runAsNonRoot from "../../../policies/kubernetes/pod-security/run-as-non-root";
import tokenAutomount from "../../../policies/kubernetes/containers/token-automount";
import { object } from "../support/kubernetes";
import { UNKNOWN, verdict } from "../support/spec";

const PRIVILEGED = { spec: { containers: [{ name: "app", securityContext: { privileged: true } }] } };
const KRUISE = "apps.kruise.io/v1alpha1";

const PLACES: [string, string, Raw, string][] = [
    // No cluster takes it.
    ["v1", "Deployment", { template: PRIVILEGED }, "spec.template"],
    ["argoproj.io/v1alpha1", "Rollout", { template: PRIVILEGED }, "spec.template"],
    ["serving.knative.dev/v1", "Service", { template: PRIVILEGED }, "spec.template"],
    ["keda.sh/v1alpha1", "ScaledJob", { jobTargetRef: { template: PRIVILEGED } }, "spec.jobTargetRef.template"],
    [KRUISE, "CloneSet", { template: PRIVILEGED }, "spec.template"],
    ["apps.kruise.io/v1beta1", "StatefulSet", { template: PRIVILEGED }, "spec.template"],
    [KRUISE, "DaemonSet", { template: PRIVILEGED }, "spec.template"],
    [KRUISE, "BroadcastJob", { template: PRIVILEGED }, "spec.template"],
    [
        KRUISE,
        "AdvancedCronJob",
        { template: { jobTemplate: { spec: { template: PRIVILEGED } } } },
        "spec.template.jobTemplate.spec.template",
    ],
    [
        KRUISE,
        "AdvancedCronJob",
        { template: { broadcastJobTemplate: { spec: { template: PRIVILEGED } } } },
        "spec.template.broadcastJobTemplate.spec.template",
    ],
    [
        KRUISE,
        "UnitedDeployment",
        { template: { cloneSetTemplate: { spec: { template: PRIVILEGED } } } },
        "spec.template.cloneSetTemplate.spec.template",
    ],
];

function judged(rule: Parameters<typeof verdict>[0], resource: Resource): string[] {
    return verdict(rule, resource).violations;
}

test.each(PLACES)("a pod of %s %s is judged", (apiVersion, kind, spec, at) => {
    const resource = object(apiVersion, kind, { spec });
    expect(judged(privileged, resource)).toEqual([`${at}.spec.containers[0].securityContext.privileged`]);
    expect(judged(tokenAutomount, resource)).toEqual([`${at}.spec.automountServiceAccountToken`]);
});

test("a kind of the same name in another group holds no pod", () => {
    expect(judged(privileged, object("example.com/v1", "CloneSet", { spec: { template: PRIVILEGED } }))).toEqual([]);
});

test("containers that a SidecarSet adds to pods of others are judged, those pods are not", () => {
    const sidecars = object(KRUISE, "SidecarSet", {
        spec: { ...PRIVILEGED.spec, initContainers: [{ name: "init", securityContext: { runAsNonRoot: true } }] },
    });
    expect(judged(privileged, sidecars)).toEqual(["spec.containers[0].securityContext.privileged"]);
    // Whatever pod it comes to, it says itself that it is not root, or it may be.
    expect(judged(runAsNonRoot, sidecars)).toEqual(["spec.containers[0].securityContext.runAsNonRoot"]);
    expect([tokenAutomount, recommendedLabels].flatMap((rule) => judged(rule, sidecars))).toEqual([]);
});

test("a Rollout that takes over the pods of a Deployment has none of its own", () => {
    const spec = { workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "it" } };
    const rollout = object("argoproj.io/v1alpha1", "Rollout", { spec });
    expect([runAsNonRoot, tokenAutomount].flatMap((rule) => judged(rule, rollout))).toEqual([]);
});

test("which template of several an object has may be unknown", () => {
    const job = object(KRUISE, "AdvancedCronJob", { spec: { template: UNKNOWN } });
    expect(verdict(privileged, job)).toMatchObject({ violations: [], notEvaluated: ["spec.template"] });
});
