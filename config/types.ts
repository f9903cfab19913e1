/** A stack's configuration after defaults of its environment and system are filled in. `config/schema.ts` validates what it is made from. */
import type { StoreChoices } from "../systems/external";
import type { Database, Environment, Resources, SystemKey } from "../systems/types";
import type { BackupConfig } from "./backup";

export interface StackConfig {
    system: SystemKey;
    environment: Environment;
    /** The one that the stack chose; absent: the system's own. `systemOf` takes both. */
    database?: Database;
    target: "docker" | "kubernetes";
    /** Host name of the edge; default in dev: `<system>.localhost`. */
    domain: string;
    edge: {
        /** Address that the edge publishes on; default: 127.0.0.1 in dev, else 0.0.0.0. */
        address: string;
        httpPort: number;
        httpsPort: number;
    };
    tls: TlsConfig;
    images: {
        /** `registry`: the images that the documents name. `local`: stand-ins built on this machine (`images/`). */
        source: "registry" | "local";
        /** Put in front of every registry image, e.g. `mirror.example.com/proxy`. */
        mirror?: string;
        /** References of images by key of `images/catalog.ts`. */
        overrides: Record<string, string>;
    };
    docker: {
        /** e.g. `unix:///var/run/docker.sock`, `ssh://deploy@host`. Absent: DOCKER_HOST, else the default socket. */
        host?: string;
    };
    kubernetes: {
        /** Context of the kubeconfig; absent: its current one. */
        context?: string;
        /** Name of the namespace; absent: the stack's prefix. */
        namespace?: string;
        /** Labels of the namespace, beside Groundwork's own. */
        namespaceLabels: Record<string, string>;
        /** Class of volumes; absent: the cluster's default. */
        storageClass?: string;
        /** Class of volumes that replicas on several nodes share; absent: `storageClass`. */
        sharedStorageClass?: string;
        /** Access mode of these; default: ReadWriteOnce in dev, else ReadWriteMany. */
        sharedAccessMode: "ReadWriteOnce" | "ReadWriteMany";
        /** CIDRs that are not the internet. */
        privateRanges: string[];
        edge: {
            /** What is in front of it; default: nothing, its Service is the way in. */
            via: "service" | "ingress" | "gateway";
            /** Class of the Ingress or Gateway; absent: the cluster's default. */
            className?: string;
            /** cert-manager's issuer of their certificate. */
            clusterIssuer?: string;
            /** Annotations of the Service, Ingress or Gateway. */
            annotations: Record<string, string>;
            /** Type of the Service, with `via: service`; default: ClusterIP in dev, else LoadBalancer. */
            service: "LoadBalancer" | "NodePort" | "ClusterIP";
            /** Ports of every node, with NodePort; absent: of the cluster's choice. */
            httpNodePort?: number;
            httpsNodePort?: number;
            /** CIDRs that may come, with LoadBalancer; empty: everybody. */
            sourceRanges: string[];
        };
        /** Where the secrets are kept; absent: the stack has them from its file, and generates what it can. */
        externalSecrets?: {
            store: { name: string; kind: "ClusterSecretStore" | "SecretStore" };
            /** Key of a secret in the store, whose name is `{name}`; default: `<system>/<environment>/{name}`. */
            remoteKey: string;
            /** Property under the key that holds the value; absent: the whole of what is there. */
            remoteProperty?: string;
            /** Secrets that are there beside those that the system cannot be without. */
            include: string[];
            refreshPolicy: "Periodic" | "OnChange" | "CreatedOnce";
            refreshInterval: string;
        };
    };
    /** Only what the stack file says differently from the system; see `replicationOf`. */
    postgres: { readReplicas?: number; primaryVolume?: string };
    /** What the stack file says differently of services and stores, by their names. */
    services: Record<string, ServiceOverrides>;
    /** Who runs which store; default: the stack. `systemOf` takes it. */
    stores: StoreChoices;
    /** Sizes in MiB by volume name. */
    volumes: Record<string, { sizeMiB?: number }>;
    /** Names of the secrets given in config. Their values are read as secrets from the key `secrets` and never held here. */
    givenSecrets: string[];
    backup: BackupConfig;
    /** Recovery objectives in seconds by scenario, where the stack asks for more than the document. */
    objectives: Record<string, { rtoSeconds?: number; rpoSeconds?: number }>;
    /** Stateful resources are protected and kept on delete; default: outside of dev. */
    protect: boolean;
}

export type TlsConfig =
    | { mode: "internal" }
    | { mode: "acme"; email: string; directory?: string }
    /** PEM texts under the secrets of `CERTIFICATE_SECRETS`. */
    | { mode: "certificate" };

/** Secrets that hold a given certificate, its chain after it, and its private key without a passphrase. */
export const CERTIFICATE_SECRETS = { certificate: "TLS_CERTIFICATE", key: "TLS_PRIVATE_KEY" } as const;

export interface ServiceOverrides {
    replicas?: number;
    resources?: Partial<Resources>;
    env?: Record<string, string>;
    command?: string[];
    /**
     * How secrets reach the process. `file` (default): `<NAME>_FILE` names a mounted file. `export`: for images that read only variables;
     * on Docker a shell puts the files into the environment of `command`, which must then be given, on Kubernetes the kubelet does.
     */
    secretDelivery?: "file" | "export";
}
