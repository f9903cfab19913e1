import * as pulumi from "@pulumi/pulumi";

import { CERTIFICATE_SECRETS, type StackConfig } from "../config/types";
import { secretPath } from "../systems/addresses";
import { EDGE, type Edge, type Environment, type LogPolicy, type Probe, type Resources } from "../systems/types";
import type { Target } from "../targets/target";
import { CADDY_PORTS, CADDY_STATUS, caddyfile, type Site } from "./caddyfile";
import { logRotation } from "./log-rotation";
import { workloadOutputs } from "./outputs";
import { Problems } from "./problems";
import { expectResources, writable } from "./service";
import { waitSeconds } from "./settings/probes";
import type {
    CertificateSpec,
    FileSpec,
    JobSpec,
    MountSpec,
    PortSpec,
    VolumeSpec,
    WorkloadHandle,
    WorkloadSpec,
} from "./spec";

const CONFIGURATION = "/etc/groundwork/Caddyfile";

/**
 * Neither the image's root nor a service's user nor, so high, one of the host's: whoever breaks into one finds nothing of the other's on
 * a shared kernel.
 */
const USER = "10002:10002";

const GRACE_SECONDS = 15;

/** Days that an access log is kept where the system's document is silent. */
const ACCESS_LOG_DAYS = 30;

export interface CaddyArgs {
    /** What `Target.image` returned for it. */
    image: pulumi.Input<string>;
    /** Decides how often its health is asked for. */
    environment: Environment;
    tls: StackConfig["tls"];
    /** Where it publishes its ports. */
    publish: StackConfig["edge"];
    /** Something in front of it ends TLS and sends on HTTP. Default: it does so itself. */
    fronted?: boolean;
    /** At least one; each route with somebody who answers. */
    sites: Site[];
    /** Largest request body in MiB. */
    maxBodyMiB: Edge["maxBodyMiB"];
    /** Caddy path matchers that are answered with 404 on every site. */
    privatePaths: Edge["privatePaths"];
    /** Path of its access log in the container. */
    accessLog: Edge["accessLog"];
    /** Mounts and their volumes: certificates, Caddy's own state, the access log. */
    mounts: { volume: VolumeSpec; path: string }[];
    /** PEM texts, with TLS by a given certificate. */
    certificate?: CertificateSpec;
    resources: Resources;
    logs: LogPolicy;
    target: Target;
}

/** The edge: TLS, HTTP/3, the way to every service, and the only published ports. */
export class Caddy extends pulumi.ComponentResource {
    readonly workload: WorkloadHandle;

    /** @throws pulumi.InputPropertiesError with everything that is wrong with `args` */
    constructor(name: string, args: CaddyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("groundwork:edge:Caddy", name, {}, opts);
        validate(args);
        const { target } = args;
        const mounts = args.mounts.map(({ volume, path }) => ({
            volume: target.volume(volume, { parent: this }),
            path,
            readOnly: false,
            // The stock image has them as root's.
            own: true,
        }));
        const valid = target.job(validationSpec(args), { parent: this });
        this.workload = target.workload(caddySpec(args, mounts), { parent: this, dependsOn: valid.resources });
        this.registerOutputs({ workload: workloadOutputs(this.workload) });
    }
}

function caddySpec(args: CaddyArgs, mounts: MountSpec[]): WorkloadSpec {
    const health = probe(args.environment);
    return {
        ...common(args),
        name: EDGE,
        args: ["caddy", "run", "--config", CONFIGURATION, "--adapter", "caddyfile"],
        replicas: 1,
        ports: ports(args),
        ...(args.fronted && { front: { hosts: args.sites.map((site) => site.host), certificate: args.certificate } }),
        mounts,
        tmpfs: writable(["/tmp"], 32),
        resources: args.resources,
        pidsLimit: 256,
        health,
        segments: ["edge"],
        exclusive: "ports",
        stopGraceSeconds: GRACE_SECONDS + 5,
        waitSeconds: waitSeconds(health),
    };
}

function ports({ publish, fronted }: CaddyArgs): PortSpec[] {
    return [
        port("http", CADDY_PORTS.http, "tcp", publish.address, publish.httpPort),
        ...(fronted
            ? []
            : [
                  port("https", CADDY_PORTS.https, "tcp", publish.address, publish.httpsPort),
                  port("http3", CADDY_PORTS.https, "udp", publish.address, publish.httpsPort),
              ]),
        { name: "status", port: CADDY_PORTS.status, protocol: "tcp" },
    ];
}

/** Proves the configuration before the edge that serves is touched. */
function validationSpec(args: CaddyArgs): JobSpec {
    return {
        ...common(args),
        name: `${EDGE}-validate`,
        filesOf: EDGE,
        args: ["caddy", "validate", "--config", CONFIGURATION, "--adapter", "caddyfile"],
        mounts: [],
        // It opens its log and makes its authority's certificate, as when it serves.
        tmpfs: writable(["/tmp", ...args.mounts.map((mount) => mount.path)], 16),
        resources: { cpuLimit: 0.5, cpuReservation: 0.05, memoryLimitMiB: 128, memoryReservationMiB: 32 },
        pidsLimit: 64,
        segments: [],
        stopGraceSeconds: 5,
        triggers: {},
        timeoutSeconds: 60,
    };
}

function common(args: CaddyArgs) {
    return {
        component: "edge",
        image: args.image,
        env: { HOME: "/config", XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/data" },
        files: files(args),
        // The stock image's binary carries this capability, and is not run at all where it cannot have it.
        security: { user: USER, addCapabilities: ["NET_BIND_SERVICE"], readOnlyRoot: true },
        logs: logRotation(args.logs),
    };
}

function files(args: CaddyArgs): FileSpec[] {
    const { certificate, key } = CERTIFICATE_SECRETS;
    return [
        { path: CONFIGURATION, content: configuration(args), secret: false },
        ...(args.certificate && !args.fronted
            ? [
                  { path: secretPath(certificate), content: args.certificate.certificate, secret: true },
                  { path: secretPath(key), content: args.certificate.key, secret: true },
              ]
            : []),
    ];
}

function configuration(args: CaddyArgs): string {
    const { logs } = args;
    return caddyfile({
        tls: args.tls,
        certificateFiles: {
            certificate: secretPath(CERTIFICATE_SECRETS.certificate),
            key: secretPath(CERTIFICATE_SECRETS.key),
        },
        fronted: args.fronted,
        publicHttpsPort: args.publish.httpsPort,
        sites: args.sites,
        maxBodyMiB: args.maxBodyMiB,
        privatePaths: args.privatePaths,
        accessLog: {
            path: args.accessLog,
            rollSizeMiB: logs.maxFileMiB,
            rollKeep: logs.maxFiles,
            rollKeepDays: logs.retentionDays.access ?? logs.retentionDays.application ?? ACCESS_LOG_DAYS,
        },
        graceSeconds: GRACE_SECONDS,
    });
}

function probe(environment: Environment): Probe {
    return {
        kind: "http",
        path: CADDY_STATUS.health,
        port: CADDY_PORTS.status,
        client: "wget",
        // In dev someone waits for it.
        intervalSeconds: environment === "dev" ? 2 : 10,
        timeoutSeconds: 2,
        retries: 5,
        startPeriodSeconds: 10,
    };
}

function port(name: string, inside: number, protocol: "tcp" | "udp", address: string, outside: number): PortSpec {
    return { name, port: inside, protocol, publish: { address, port: outside } };
}

function validate(args: CaddyArgs): void {
    const problems = new Problems();
    expectResources(problems, args.resources);
    problems
        .expect(args.sites.length > 0, "sites", "must name at least one host")
        .expect(
            args.publish.httpPort !== args.publish.httpsPort,
            "publish.httpsPort",
            `${args.publish.httpsPort} is the HTTP port too`,
        )
        .expect(
            args.tls.mode !== "certificate" || args.certificate !== undefined,
            "certificate",
            `TLS by a given certificate needs the secrets ${CERTIFICATE_SECRETS.certificate} and ${CERTIFICATE_SECRETS.key}`,
        );
    args.sites.forEach((site, s) =>
        site.routes.forEach((route, r) =>
            problems.expect(
                !Array.isArray(route.upstreams) || route.upstreams.length > 0,
                `sites[${s}].routes[${r}].upstreams`,
                `nobody answers for ${site.host}${route.paths?.join(" ") ?? ""}`,
            ),
        ),
    );
    problems.throwIfAny("Caddy");
}
