/** Rules on the way to the edge on Kubernetes. */
import { effective, type SystemRuleContext } from "./context";

/** Each way to a certificate needs what it is made from, or the edge answers without one, or not at all. */
export function kubernetesEdge(context: SystemRuleContext): void {
    const { input, problems } = context;
    const via = effective(context, "kubernetes.edge.via");
    if (effective(context, "target") !== "kubernetes") return;
    const mode = effective(context, "tls.mode");
    const { className, clusterIssuer } = input.kubernetes?.edge ?? {};
    const path = (key: string) => ["kubernetes", "edge", key];
    const require = (key: string, holds: boolean, rule: string, example: string) => {
        if (holds || problems.touches(path(key))) return;
        problems.add({ path: path(key), rule, remedy: problems.set(path(key), example) });
    };
    if (via === "service") return;
    require("clusterIssuer", mode !== "acme" ||
        clusterIssuer !==
            undefined, `is required with tls.mode acme and kubernetes.edge.via ${String(via)}: the certificate is cert-manager's then`, "letsencrypt");
    if (via !== "gateway") return;
    require("className", className !==
        undefined, "is required with kubernetes.edge.via gateway: there is no default class", "istio");
    require("clusterIssuer", mode !== "internal" ||
        clusterIssuer !==
            undefined, "is required with tls.mode internal and kubernetes.edge.via gateway: a Gateway has no certificate of its own", "internal-ca");
}
