/** What a stack file may say of the Kubernetes cluster. */
import { z } from "zod";

import { field } from "./fields";
import { ANNOTATION_NAME, CONTEXT_NAME, HOST_NAME, isCidr, LABEL } from "./formats";

const cidrs = (meaning: string, example: string[], whenAbsent: string) =>
    field(
        z
            .array(
                field(z.string().refine(isCidr), {
                    meaning: "A range of addresses.",
                    rule: "must be a CIDR: an address, a slash and a number of bits, e.g. 10.0.0.0/8",
                }),
            )
            .max(64),
        {
            meaning,
            rule: "must be a list of at most 64 CIDRs, e.g. 10.0.0.0/8",
            example,
            default: whenAbsent,
        },
    ).optional();

const nodePort = (meaning: string, example: number) =>
    field(z.int().min(1).max(65535), {
        meaning,
        rule: "must be a port that the cluster gives to nodes: a whole number, usually from 30000 to 32767",
        example,
        default: "of the cluster's choice",
    }).optional();

const annotation = field(z.string().max(4096), {
    meaning:
        "An annotation of the edge's Service, Ingress or Gateway, by which a cloud or a controller is told what the API has no word for. " +
        "nginx's largest body is one, 1 MiB if nobody says more.",
    rule: "must be text of at most 4096 characters; a number or a boolean is written in quotes",
    example: "500m",
});

const edge = z.strictObject({
    via: field(z.enum(["service", "ingress", "gateway"]), {
        meaning:
            "What is in front of the edge. `service`: nothing, it ends TLS itself. `ingress`, `gateway`: the cluster's own controller, with an " +
            "Ingress or a Gateway of the stack's; it ends TLS, and what comes after is as ever.",
        rule: "must be one of service, ingress, gateway",
        example: "ingress",
    }).optional(),
    className: field(z.string().regex(HOST_NAME), {
        meaning: "Class of the Ingress or Gateway. Required with `via: gateway`.",
        rule: "must be the name of a class: a-z, 0-9, inner hyphens and dots",
        example: "nginx",
        default: "the cluster's default class",
    }).optional(),
    clusterIssuer: field(z.string().regex(HOST_NAME), {
        meaning: "cert-manager's issuer of the certificate, with `via: ingress` or `gateway` and `tls.mode: acme`.",
        rule: "must be the name of a ClusterIssuer: a-z, 0-9, inner hyphens and dots",
        example: "letsencrypt",
        default: "none",
    }).optional(),
    annotations: field(z.record(z.string().regex(ANNOTATION_NAME), annotation), {
        meaning: "Annotations of the edge's Service, Ingress or Gateway, by name.",
        rule: "must be a map from an annotation's name, with or without a prefix, to its text",
        example: { "nginx.ingress.kubernetes.io/proxy-body-size": "500m" },
        default: "none",
        keyName: "<annotation>",
    }).optional(),
    service: field(z.enum(["LoadBalancer", "NodePort", "ClusterIP"]), {
        meaning:
            "How the edge is reached from outside of the cluster, on `edge.httpPort` and `edge.httpsPort`, with `via: service`. " +
            "`ClusterIP`: not, but by `kubectl port-forward`.",
        rule: "must be one of LoadBalancer, NodePort, ClusterIP",
        example: "LoadBalancer",
    }).optional(),
    httpNodePort: nodePort("Port of every node for HTTP, with `service: NodePort`.", 30080),
    httpsNodePort: nodePort(
        "Port of every node for HTTPS, over TCP and UDP, with `service: NodePort`. Where browsers use it directly, it is `edge.httpsPort` too.",
        30443,
    ),
    sourceRanges: cidrs(
        "Who may come to the load balancer, with `service: LoadBalancer`.",
        ["203.0.113.0/24"],
        "everybody",
    ),
});

export const kubernetesSchema = field(
    z.strictObject({
        context: field(z.string().regex(CONTEXT_NAME), {
            meaning:
                "Context of the kubeconfig that names the cluster. The kubeconfig itself is the one of whoever runs the command: `KUBECONFIG`, " +
                "else `~/.kube/config`.",
            rule: "must be a context's name: 1 to 253 characters without white space",
            example: "prod-eu",
            default: "the kubeconfig's current context",
        }).optional(),
        namespace: field(z.string().regex(LABEL), {
            meaning: "Namespace that is made for the stack, and is its alone.",
            rule: "must be a DNS label: a-z, 0-9 and inner hyphens, at most 63 characters",
            example: "debt-os",
            default: "`gw-<stack>`",
        }).optional(),
        storageClass: field(z.string().regex(HOST_NAME), {
            meaning: "Storage class of every volume, but for those that `sharedStorageClass` is for.",
            rule: "must be the name of a storage class: a-z, 0-9, inner hyphens and dots",
            example: "gp3",
            default: "the cluster's default class",
        }).optional(),
        sharedStorageClass: field(z.string().regex(HOST_NAME), {
            meaning:
                "Storage class of volumes that several replicas share. Few classes are good for a database and for many writers on many nodes.",
            rule: "must be the name of a storage class: a-z, 0-9, inner hyphens and dots",
            example: "efs",
            default: "`storageClass`",
        }).optional(),
        sharedAccessMode: field(z.enum(["ReadWriteOnce", "ReadWriteMany"]), {
            meaning:
                "Access mode of volumes that several replicas share. `ReadWriteOnce`: all of them run on the one node that has it. " +
                "`ReadWriteMany` needs a storage class that can.",
            rule: "must be one of ReadWriteOnce, ReadWriteMany",
            example: "ReadWriteMany",
        }).optional(),
        privateRanges: cidrs(
            "What is not the internet, to which services that call outside may connect: the cluster's own networks, the site's, the cloud's " +
                "metadata address.",
            ["10.0.0.0/8", "169.254.0.0/16"],
            "the private, shared, loopback and link-local ranges of IPv4 and IPv6",
        ),
        edge: field(edge, {
            meaning: "How the edge is reached.",
            rule: "must be a map of via, className, clusterIssuer, annotations, service, httpNodePort, httpsNodePort, sourceRanges",
        }).optional(),
    }),
    {
        meaning: "The Kubernetes cluster.",
        rule: "must be a map of context, namespace, storageClass, sharedStorageClass, sharedAccessMode, privateRanges, edge",
    },
);
