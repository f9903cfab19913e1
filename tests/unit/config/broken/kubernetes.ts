/** Broken configs of the Kubernetes cluster. */
import { type Broken, dev, prod } from "./case";

const EXTERNAL = { store: { name: "vault" }, include: ["API_KEY"] };
const elsewhere = (changes: object) => ({
    target: "kubernetes",
    kubernetes: { externalSecrets: { ...EXTERNAL, ...changes } },
});

export const KUBERNETES: Broken[] = [
    dev(
        "secrets in a store of which nobody says which",
        elsewhere({ store: { kind: "SecretStore" } }),
        "kubernetes.externalSecrets.store.name",
        "somebody must have the secrets",
    ),
    dev(
        "one key for every secret",
        elsewhere({ remoteKey: "debt-os/prod" }),
        "kubernetes.externalSecrets.remoteKey",
        "every secret would be the same",
        "pulumi config set --path groundwork:kubernetes.externalSecrets.remoteProperty '{name}'",
    ),
    dev(
        "a store that has neither of two secrets of which one must be",
        elsewhere({ include: [] }),
        "kubernetes.externalSecrets.include",
        "must have API_KEY or OTHER_KEY",
    ),
    dev(
        "a store that has a secret which the system has not",
        elsewhere({ include: ["API_KEY", "API_KEYS"] }),
        "kubernetes.externalSecrets.include[1]",
        "is not a secret of debt-os. Did you mean API_KEY?",
    ),
    dev(
        "an interval of a store that is asked once",
        elsewhere({ refreshPolicy: "CreatedOnce", refreshInterval: "1h" }),
        "kubernetes.externalSecrets.refreshInterval",
        "has no meaning with refreshPolicy CreatedOnce",
    ),
    dev(
        "an interval without a unit",
        elsewhere({ refreshInterval: "60" }),
        "kubernetes.externalSecrets.refreshInterval",
        "must be a duration",
    ),
    dev(
        "a secret that is in the store and in the file",
        { ...elsewhere({}), secrets: { CHAT_TOKEN: "a token" } },
        "secrets.CHAT_TOKEN",
        "the store there has it",
    ),
    dev(
        "a range without a number of bits",
        { kubernetes: { privateRanges: ["10.0.0.0"] } },
        "kubernetes.privateRanges[0]",
        "must be a CIDR",
    ),
    dev(
        "an unknown kind of Service",
        { kubernetes: { edge: { service: "Loadbalancer" } } },
        "kubernetes.edge.service",
        "Did you mean LoadBalancer?",
    ),
    dev(
        "a namespace that is no DNS label",
        { kubernetes: { namespace: "Debt_OS" } },
        "kubernetes.namespace",
        "must be a DNS label",
    ),
    dev(
        "a weaker level of pod security",
        { kubernetes: { namespaceLabels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
        'kubernetes.namespaceLabels["pod-security.kubernetes.io/enforce"]',
        "is set by Groundwork: the namespace enforces the level restricted",
        "pulumi config rm --path 'groundwork:kubernetes.namespaceLabels[\"pod-security.kubernetes.io/enforce\"]'",
    ),
    dev(
        "a label of the namespace that is Groundwork's own",
        { kubernetes: { namespaceLabels: { "app.kubernetes.io/managed-by": "platform" } } },
        'kubernetes.namespaceLabels["app.kubernetes.io/managed-by"]',
        "is set by Groundwork, which finds what it made by it",
    ),
    dev(
        "a label of the namespace that is the cluster's own",
        { kubernetes: { namespaceLabels: { "kubernetes.io/metadata.name": "mine" } } },
        'kubernetes.namespaceLabels["kubernetes.io/metadata.name"]',
        "is set by the cluster",
    ),
    dev(
        "a label with a space in it",
        { kubernetes: { namespaceLabels: { team: "the platform" } } },
        "kubernetes.namespaceLabels.team",
        "must be text of at most 63 characters",
    ),
    dev(
        "a node port as text",
        { kubernetes: { edge: { httpsNodePort: "30443" } } },
        "kubernetes.edge.httpsNodePort",
        "take the quotes off",
    ),
    dev(
        "an Ingress with ACME and nobody who issues",
        {
            target: "kubernetes",
            domain: "platform.example.com",
            edge: { address: "0.0.0.0", httpPort: 80, httpsPort: 443 },
            tls: { mode: "acme", email: "platform@example.com" },
            kubernetes: { edge: { via: "ingress" } },
        },
        "kubernetes.edge.clusterIssuer",
        "the certificate is cert-manager's then",
    ),
    dev(
        "a Gateway without a class",
        { target: "kubernetes", kubernetes: { edge: { via: "gateway", clusterIssuer: "internal-ca" } } },
        "kubernetes.edge.className",
        "there is no default class",
    ),
    dev(
        "a Gateway without a certificate",
        { target: "kubernetes", kubernetes: { edge: { via: "gateway", className: "istio" } } },
        "kubernetes.edge.clusterIssuer",
        "a Gateway has no certificate of its own",
    ),
    prod(
        "a load balancer that keeps the certificate's authority out",
        { target: "kubernetes", kubernetes: { edge: { sourceRanges: ["203.0.113.0/24"] } } },
        "kubernetes.edge.sourceRanges",
        "the authority checks the domain from anywhere",
    ),
    dev(
        "addresses that may come in, where nothing looks at them",
        { target: "kubernetes", kubernetes: { edge: { service: "NodePort", sourceRanges: ["203.0.113.0/24"] } } },
        "kubernetes.edge.sourceRanges",
        "only with kubernetes.edge.via service and kubernetes.edge.service LoadBalancer",
    ),
    dev(
        "a node port of a Service that has none",
        { target: "kubernetes", kubernetes: { edge: { httpsNodePort: 30443 } } },
        "kubernetes.edge.httpsNodePort",
        "only with kubernetes.edge.via service and kubernetes.edge.service NodePort",
    ),
    dev(
        "a class of nothing",
        { target: "kubernetes", kubernetes: { edge: { className: "nginx" } } },
        "kubernetes.edge.className",
        "only with kubernetes.edge.via ingress or gateway",
    ),
    dev(
        "a Service behind an Ingress that wants to be a load balancer",
        { target: "kubernetes", kubernetes: { edge: { via: "ingress", service: "LoadBalancer" } } },
        "kubernetes.edge.service",
        "only with kubernetes.edge.via service",
    ),
];
