/** What of the cluster's own is in front of the edge: an Ingress or a Gateway, which ends TLS and sends on HTTP. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret } from "@pulumi/kubernetes/core/v1";
import { Ingress } from "@pulumi/kubernetes/networking/v1";
import type { networking } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { CertificateSpec, FrontSpec } from "../../components/spec";
import { encoded } from "./files";
import type { ObjectMetadata } from "./labels";

export interface FrontOptions {
    via: "service" | "ingress" | "gateway";
    /** Absent: the cluster's default class of Ingresses; Gateways have none. */
    className?: string;
    /** cert-manager's issuer of the certificate, where none is given. */
    clusterIssuer?: string;
    annotations: Record<string, string>;
}

/** The port of the Service that it sends to. */
interface Backend {
    service: string;
    port: number;
}

const GATEWAY_API = "gateway.networking.k8s.io/v1";
const ISSUER_ANNOTATION = "cert-manager.io/cluster-issuer";

/** @param metadata With the name of the workload */
export function makeFront(
    front: FrontSpec,
    backend: Backend,
    options: FrontOptions,
    metadata: ObjectMetadata,
    opts: pulumi.CustomResourceOptions,
): void {
    const secretName = certificateSecret(front.certificate, options, metadata, opts);
    const annotated = { ...metadata, annotations: annotations(front, options) };
    if (options.via === "ingress") {
        new Ingress(
            metadata.name,
            { metadata: annotated, spec: ingressSpec(front, backend, options, secretName) },
            opts,
        );
        return;
    }
    if (secretName === undefined) {
        throw new Error("A Gateway needs a certificate: give one, or name a cluster issuer.");
    }
    const spec = gatewaySpec(front, options, secretName);
    const object = (name: string, kind: string, of: object, own = metadata) =>
        new CustomResource(name, { apiVersion: GATEWAY_API, kind, metadata: { ...own, name }, spec: of }, opts);
    object(metadata.name, "Gateway", spec, annotated);
    object(metadata.name, "HTTPRoute", {
        parentRefs: front.hosts.map((_, index) => ({ name: metadata.name, sectionName: secureListener(index) })),
        hostnames: front.hosts,
        rules: [{ backendRefs: [{ name: backend.service, port: backend.port }] }],
    });
    object(`${metadata.name}-redirect`, "HTTPRoute", {
        parentRefs: [{ name: metadata.name, sectionName: "http" }],
        hostnames: front.hosts,
        rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
    });
}

/** Whether its certificate is cert-manager's. */
export function isIssued({ certificate }: FrontSpec, { clusterIssuer }: FrontOptions): boolean {
    return certificate === undefined && clusterIssuer !== undefined;
}

function annotations(front: FrontSpec, options: FrontOptions): Record<string, string> {
    return { ...(isIssued(front, options) && { [ISSUER_ANNOTATION]: options.clusterIssuer! }), ...options.annotations };
}

/** Made of the given certificate, or named for cert-manager to make. Absent: the controller's own, which browsers do not trust. */
function certificateSecret(
    certificate: CertificateSpec | undefined,
    options: FrontOptions,
    metadata: ObjectMetadata,
    opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> | undefined {
    const name = `${metadata.name}-certificate`;
    if (certificate === undefined) {
        return options.clusterIssuer === undefined ? undefined : name;
    }
    const { name: _automatic, ...own } = metadata;
    const data = { "tls.crt": encoded(certificate.certificate), "tls.key": encoded(certificate.key) };
    return new Secret(name, { metadata: own, type: "kubernetes.io/tls", immutable: true, data }, opts).metadata.name;
}

function ingressSpec(
    { hosts }: FrontSpec,
    backend: Backend,
    { className }: FrontOptions,
    secretName: pulumi.Input<string> | undefined,
): networking.v1.IngressSpec {
    return {
        ...(className !== undefined && { ingressClassName: className }),
        tls: [{ hosts, ...(secretName !== undefined && { secretName }) }],
        rules: hosts.map((host) => ({
            host,
            http: {
                paths: [
                    {
                        path: "/",
                        pathType: "Prefix",
                        backend: { service: { name: backend.service, port: { number: backend.port } } },
                    },
                ],
            },
        })),
    };
}

function gatewaySpec({ hosts }: FrontSpec, { className }: FrontOptions, secretName: pulumi.Input<string>): object {
    return {
        gatewayClassName: className,
        listeners: [
            { name: "http", protocol: "HTTP", port: 80 },
            // One for each, since cert-manager takes the host names of the certificate from them.
            ...hosts.map((hostname, index) => ({
                name: secureListener(index),
                protocol: "HTTPS",
                port: 443,
                hostname,
                tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: secretName }] },
            })),
        ],
    };
}

function secureListener(index: number): string {
    return `https-${index}`;
}
