/** What a stack file may say of the Kubernetes cluster. */
import { z } from "zod";

import { cidrs } from "./field-makers";
import { field } from "./fields";
import { ANNOTATION_NAME, CONTEXT_NAME, HOST_NAME, LABEL, LABEL_VALUE, SECRET_NAME } from "./formats";

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

const namespaceLabel = field(z.string().regex(LABEL_VALUE), {
    meaning: "A label of the namespace.",
    rule: "must be text of at most 63 characters: letters, digits, inner hyphens, dots and underscores; a number or a boolean is written in quotes",
    example: "enabled",
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
    sourceRanges: cidrs({
        meaning: "Who may come to the load balancer, with `service: LoadBalancer`.",
        example: ["203.0.113.0/24"],
        whenAbsent: "everybody",
        least: 0,
    }),
    drainSeconds: field(z.int().min(1).max(500), {
        meaning:
            "For how long a pod of the edge goes on serving after it was told to stop. A load balancer that sends to pods by their addresses needs " +
            "minutes to leave one alone: 150 for an NLB of AWS's with targets of the type ip.",
        rule: "must be a whole number of seconds from 1 to 500",
        example: 150,
    }).optional(),
    trustedProxies: cidrs({
        meaning:
            "Whose word on the client's address and on TLS the edge takes, beside the private ranges, with `via: ingress` or `gateway`: a cloud's own " +
            "balancer comes from addresses of the cloud's.",
        example: ["35.191.0.0/16", "130.211.0.0/22"],
        whenAbsent: "the private ranges alone",
        least: 0,
    }),
});

const externalSecrets = z.strictObject({
    store: field(
        z.strictObject({
            name: field(z.string().regex(HOST_NAME), {
                meaning:
                    "Name of the store of External Secrets that has the secrets. Required with any other key of `externalSecrets`.",
                rule: "must be a name: a-z, 0-9, inner hyphens and dots",
                example: "aws-secrets-manager",
                default: "none",
            }).optional(),
            kind: field(z.enum(["ClusterSecretStore", "SecretStore"]), {
                meaning: "Its kind. A `SecretStore` is in the stack's own namespace, which must then be there with it.",
                rule: "must be one of ClusterSecretStore, SecretStore",
                example: "ClusterSecretStore",
            }).optional(),
        }),
        { meaning: "The store.", rule: "must be a map of name, kind" },
    ).optional(),
    remoteKey: field(z.string().min(1).max(1024), {
        meaning: "Where a secret is in the store. `{name}` stands for its name, e.g. `POSTGRES_PASSWORD`.",
        rule: "must be text of 1 to 1024 characters; `{name}` must be in it, or in `remoteProperty`",
        example: "debt-os/prod/{name}",
        default: "`<system>/<environment>/{name}`",
    }).optional(),
    remoteProperty: field(z.string().min(1).max(1024), {
        meaning:
            "Which value under that key, where one key holds many, as JSON. `{name}` stands for the secret's name.",
        rule: "must be text of 1 to 1024 characters",
        example: "{name}",
        default: "the whole of what is under the key",
    }).optional(),
    include: field(
        z
            .array(
                field(z.string().regex(SECRET_NAME), {
                    meaning: "The name of a secret.",
                    rule: "must be a secret's name, such as OPENAI_API_KEY",
                }),
            )
            .max(64),
        {
            meaning:
                "Secrets that are in the store too: optional ones, one at least of each that make up for one another, and ones that would be made of others. " +
                "Those that the system cannot be without are always looked for.",
            rule: "must be a list of names of the system's secrets",
            example: ["OPENAI_API_KEY"],
            default: "none",
        },
    ).optional(),
    refreshPolicy: field(z.enum(["Periodic", "OnChange", "CreatedOnce"]), {
        meaning:
            "When the Secrets are made anew from the store: every `refreshInterval`, when the stack changes, or never once they are there. Pods read a " +
            "changed value when they are started anew.",
        rule: "must be one of Periodic, OnChange, CreatedOnce",
        example: "OnChange",
    }).optional(),
    refreshInterval: field(z.string().regex(/^(?:[1-9][0-9]{0,5}[smh]){1,3}$/), {
        meaning: "How often, with `refreshPolicy: Periodic`.",
        rule: "must be a duration in hours, minutes and seconds, e.g. 1h or 90s",
        example: "15m",
    }).optional(),
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
        namespaceLabels: field(z.record(z.string().regex(ANNOTATION_NAME), namespaceLabel), {
            meaning:
                "Labels of the namespace beside Groundwork's own, by which a controller is told that it is to look after what is in it: the AWS Load " +
                "Balancer Controller, for one, has pods wait until its balancer finds them well.",
            rule: "must be a map from a label's name, with or without a prefix, to its text",
            example: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
            default: "none",
            keyName: "<label>",
        }).optional(),
        imagePullSecrets: field(
            z
                .array(
                    field(z.string().regex(HOST_NAME), {
                        meaning: "The name of a Secret.",
                        rule: "must be the name of a Secret: a-z, 0-9, inner hyphens and dots",
                    }),
                )
                .max(8),
            {
                meaning:
                    "Secrets of the type `kubernetes.io/dockerconfigjson` in the stack's namespace, by which its pods pull images that need a login. Somebody " +
                    "else makes them; nodes with a login of their own need none. The pod by which `gw rebuild` looks into the bucket has none.",
                rule: "must be a list of at most 8 names of Secrets",
                example: ["registry-login"],
                default: "none",
            },
        ).optional(),
        storageClass: field(z.string().regex(HOST_NAME), {
            meaning: "Storage class of every volume, but for those that `sharedStorageClass` is for.",
            rule: "must be the name of a storage class: a-z, 0-9, inner hyphens and dots",
            example: "gp3",
            default: "the cluster's default class",
        }).optional(),
        sharedStorageClass: field(z.string().regex(HOST_NAME), {
            meaning:
                "Storage class of volumes that replicas on several nodes share: OpenCode's project files, DEBT-OS's repositories. Few classes are good for a database and for many writers on many nodes, so that SQLite is never on it.",
            rule: "must be the name of a storage class: a-z, 0-9, inner hyphens and dots",
            example: "efs",
            default: "`storageClass`",
        }).optional(),
        sharedAccessMode: field(z.enum(["ReadWriteOnce", "ReadWriteMany"]), {
            meaning:
                "Access mode of the volumes of `sharedStorageClass`. `ReadWriteOnce`: all replicas run on the one node that has it. " +
                "`ReadWriteMany` needs a storage class that can.",
            rule: "must be one of ReadWriteOnce, ReadWriteMany",
            example: "ReadWriteMany",
        }).optional(),
        privateRanges: cidrs({
            meaning:
                "What is not the internet, to which services that call outside may connect: the cluster's own networks, the site's, the cloud's " +
                "metadata address.",
            example: ["10.0.0.0/8", "169.254.0.0/16"],
            whenAbsent: "the private, shared, loopback and link-local ranges of IPv4 and IPv6",
            least: 0,
        }),
        edge: field(edge, {
            meaning: "How the edge is reached.",
            rule: "must be a map of via, className, clusterIssuer, annotations, service, httpNodePort, httpsNodePort, sourceRanges, drainSeconds, trustedProxies",
        }).optional(),
        externalSecrets: field(externalSecrets, {
            meaning:
                "The stack's secrets from a store of External Secrets, whose controller and CRDs the cluster then needs.",
            rule: "must be a map of store, remoteKey, remoteProperty, include, refreshPolicy, refreshInterval",
        }).optional(),
    }),
    {
        meaning: "The Kubernetes cluster.",
        rule: "must be a map of context, namespace, namespaceLabels, imagePullSecrets, storageClass, sharedStorageClass, sharedAccessMode, privateRanges, edge, externalSecrets",
    },
);
