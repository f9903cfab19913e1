/** Rules on the way to the edge on Kubernetes, and on the namespace. */
import type { ConfigInput } from "../schema";
import { effective } from "../effective";
import type { RuleContext } from "./context";

/** Each way to a certificate needs what it is made from, or the edge answers without one, or not at all. */
export function kubernetesEdge(context: RuleContext): void {
    const { input, problems } = context;
    const via = effective(context, "kubernetes.edge.via");
    if (effective(context, "target") !== "kubernetes") return;
    const mode = effective(context, "tls.mode");
    const { className, clusterIssuer } = input.kubernetes?.edge ?? {};
    const path = (key: string) => ["kubernetes", "edge", key];
    const needs = (key: string, holds: boolean, rule: string, example: string) => {
        if (holds || problems.touches(path(key))) return;
        problems.add({ path: path(key), rule, remedy: problems.set(path(key), example) });
    };
    if (via === "service") return;
    needs(
        "clusterIssuer",
        mode !== "acme" || clusterIssuer !== undefined,
        `is required with tls.mode acme and kubernetes.edge.via ${String(via)}: the certificate is cert-manager's then`,
        "letsencrypt",
    );
    if (via !== "gateway") return;
    needs(
        "className",
        className !== undefined,
        "is required with kubernetes.edge.via gateway: there is no default class",
        "istio",
    );
    needs(
        "clusterIssuer",
        mode !== "internal" || clusterIssuer !== undefined,
        "is required with tls.mode internal and kubernetes.edge.via gateway: a Gateway has no certificate of its own",
        "internal-ca",
    );
}

type EdgeKey = keyof NonNullable<NonNullable<ConfigInput["kubernetes"]>["edge"]>;

/** Where each key of the edge counts; elsewhere nobody would see that, say, the addresses that may come in are not looked at. */
const COUNTS: [keys: EdgeKey[], where: string, holds: (via: unknown, service: unknown, mode: unknown) => boolean][] = [
    [["className"], "kubernetes.edge.via ingress or gateway", (via) => via !== "service"],
    [
        ["clusterIssuer"],
        "kubernetes.edge.via ingress or gateway, and there not with tls.mode certificate",
        (via, _, mode) => via !== "service" && mode !== "certificate",
    ],
    [["service"], "kubernetes.edge.via service", (via) => via === "service"],
    [
        ["httpNodePort", "httpsNodePort"],
        "kubernetes.edge.via service and kubernetes.edge.service NodePort",
        (via, service) => via === "service" && service === "NodePort",
    ],
    [
        ["sourceRanges"],
        "kubernetes.edge.via service and kubernetes.edge.service LoadBalancer",
        (via, service) => via === "service" && service === "LoadBalancer",
    ],
];

/** A key that changes nothing is said to: whoever wrote it thinks that it does. */
export function kubernetesEdgeInVain(context: RuleContext): void {
    const { input, problems } = context;
    if (effective(context, "target") !== "kubernetes") return;
    const via = effective(context, "kubernetes.edge.via");
    const service = effective(context, "kubernetes.edge.service");
    const mode = effective(context, "tls.mode");
    for (const [keys, where, holds] of COUNTS) {
        for (const key of keys) {
            const value = input.kubernetes?.edge?.[key];
            const path = ["kubernetes", "edge", key];
            if (value === undefined || holds(via, service, mode) || problems.touches(path)) continue;
            problems.add({
                ...{ path, value },
                rule: `has no meaning here, only with ${where}`,
                remedy: problems.remove(path),
            });
        }
    }
}

/** A public authority comes from addresses that it does not name: behind a load balancer that only some may use, no certificate is ever issued. */
export function acmeComesIn(context: RuleContext): void {
    const { input, problems } = context;
    const path = ["kubernetes", "edge", "sourceRanges"];
    const ranges = input.kubernetes?.edge?.sourceRanges ?? [];
    const reached =
        effective(context, "target") === "kubernetes" &&
        effective(context, "tls.mode") === "acme" &&
        effective(context, "kubernetes.edge.via") === "service" &&
        effective(context, "kubernetes.edge.service") === "LoadBalancer";
    // An authority of one's own may be among those who come in.
    if (!reached || ranges.length === 0 || input.tls?.directory !== undefined || problems.touches(path)) return;
    problems.add({
        path,
        value: ranges,
        rule: "must be empty with tls.mode acme: the authority checks the domain from anywhere. Take tls.mode certificate or internal, or name an authority of your own in tls.directory",
        remedy: problems.remove(path),
    });
}

/** Labels of the namespace that are not the stack file's to set, by name or by a prefix that ends with a slash: whose they are. */
const LABELS_OF_OTHERS: [label: string, rule: string][] = [
    ["app.kubernetes.io/", "is set by Groundwork, which finds what it made by it"],
    ["dev.groundwork/", "is set by Groundwork, which finds what it made by it"],
    ["pod-security.kubernetes.io/", "is set by Groundwork: the namespace enforces the level restricted"],
    ["kubernetes.io/metadata.name", "is set by the cluster: it is the namespace's name"],
];

export function namespaceLabels({ input, problems }: RuleContext): void {
    for (const name of Object.keys(input.kubernetes?.namespaceLabels ?? {})) {
        const other = LABELS_OF_OTHERS.find(([label]) =>
            label.endsWith("/") ? name.startsWith(label) : name === label,
        );
        const path = ["kubernetes", "namespaceLabels", name];
        if (other === undefined || problems.touches(path)) continue;
        problems.add({ path, rule: other[1], remedy: problems.remove(path) });
    }
}
