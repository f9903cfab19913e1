/** Broken configs of the Kubernetes cluster. */
import { type Broken, dev, prod } from "./case";

export const KUBERNETES: Broken[] = [
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
];
