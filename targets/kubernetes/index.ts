import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import { PersistentVolumeClaim, type Service } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { PostgresClusterNames, PostgresClusterSpec } from "../../components/postgres/cluster-spec";
import type {
    ContainerSpec,
    Flow,
    JobHandle,
    JobSpec,
    ScheduleHandle,
    ScheduleSpec,
    VolumeHandle,
    VolumeSpec,
    WorkloadHandle,
    WorkloadSpec,
} from "../../components/spec";
import { after, timeouts } from "../options";
import type { StackIdentity, Target } from "../target";
import { makeAvailability, mostReplicas } from "./availability";
import { ACME_SOLVER, Demand, type PriorityTier } from "./bounds";
import { makePostgresCluster, sized } from "./cloudnative-pg";
import { deploymentSpec, rolloutSeconds, SCALED, statefulSetSpec } from "./controllers";
import { drainSeconds } from "./drain";
import type { ExternalSecretsOptions } from "./external-secrets";
import { FilePlacer } from "./files";
import { isIssued, makeFront } from "./front";
import { cronJobSpec, jobDeadline, jobSpec, jobWait, triggersHash } from "./job";
import { objectLabels, podLabels, REPLACE_UNREADY, selector, TRIGGERS_ANNOTATION } from "./labels";
import { type PodParts, podSpec, templateLabels } from "./pod";
import { probes } from "./probes";
import { balanced, type EdgeServiceOptions, headlessName, makeServices } from "./services";
import { StackObjects } from "./stack-objects";
import { claimName, claimSpec, ownClaims, type StorageOptions } from "./storage";

export interface KubernetesTargetOptions extends StorageOptions {
    /** Context of the kubeconfig. Default: its current one. */
    context?: string;
    /** Name of the namespace. Default: the stack's prefix. */
    namespace?: string;
    /** Labels of the namespace, beside the stack's own. Default: none. */
    namespaceLabels?: Record<string, string>;
    /** Secrets of the namespace by which its pods pull their images. Default: none. */
    imagePullSecrets?: string[];
    /** CIDRs that are not the internet. */
    privateRanges: string[];
    edge: EdgeServiceOptions;
    /** What makes the Secrets of what the stack does not know. Absent: the stack knows all of its secrets. */
    externalSecrets?: ExternalSecretsOptions;
    /** Stateful volumes, and the namespace that they are in, are protected and kept on delete. */
    protect: boolean;
}

/** A namespace of a Kubernetes cluster. */
export class KubernetesTarget implements Target {
    readonly kind = "kubernetes";
    private readonly objects: StackObjects;
    private readonly placer: FilePlacer;
    private readonly demand = new Demand();

    constructor(
        readonly identity: StackIdentity,
        private readonly options: KubernetesTargetOptions,
    ) {
        this.objects = new StackObjects(identity, options);
        this.placer = new FilePlacer(this.objects.namespace, options.externalSecrets);
    }

    /** Pulled by the node that runs it. */
    image(_key: string, reference: string): string {
        return reference;
    }

    connections(flows: Flow[], clusters: PostgresClusterNames[], opts: pulumi.CustomResourceOptions): void {
        this.objects.connections(flows, clusters, opts);
    }

    /** Made before who mounts it, so that a change of it is a change of its own, and what holds data is protected by name. */
    volume(spec: VolumeSpec, opts: pulumi.CustomResourceOptions): VolumeHandle {
        const keep = spec.stateful && this.options.protect;
        const resource = new PersistentVolumeClaim(
            spec.name,
            {
                metadata: { ...this.metadata(spec.name, "volume"), name: claimName(spec) },
                spec: claimSpec(spec, this.options),
            },
            this.with(opts, { protect: keep, retainOnDelete: keep }),
        );
        return { spec, id: resource.metadata.name, resource };
    }

    workload(spec: WorkloadSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle {
        const own = this.with(opts);
        const { dependsOn: _later, ...now } = own;
        const services = this.services(spec, now);
        const published = spec.ports.some((port) => port.publish);
        const pods = this.pods(spec, own, "Always", spec);
        const controller = this.controller(spec, pods, after(own, [...pods.needs, ...(published ? [] : services)]));
        const metadata = this.metadata(spec.name, spec.component);
        const parts = { controller, metadata, selector: selector(this.identity, spec.name), storage: this.options };
        makeAvailability(spec, parts, now);
        this.front(spec, now);
        // Twice: a rollout starts new ones while old ones still finish what they do.
        this.demand.addPods(spec, spec.exclusive === "data" ? 1 : 2 * mostReplicas(spec));
        return {
            name: spec.name,
            ...(balanced(spec)
                ? { hosts: [headlessName(spec.name)], discovery: "dns" as const }
                : { hosts: spec.ports.length > 0 ? [spec.name] : [] }),
            resources: [controller, ...services],
            ids: [controller.metadata.name],
        };
    }

    /** Its name is of the provider's making: another run, also of one that failed, is another Job, made before the old one goes. */
    job(spec: JobSpec, opts: pulumi.CustomResourceOptions): JobHandle {
        const own = this.with(opts);
        const pods = this.pods(spec, own, "Never");
        const { name: _automatic, ...metadata } = this.metadata(spec.name, spec.component);
        const job = new Job(
            spec.name,
            {
                metadata: { ...metadata, annotations: REPLACE_UNREADY },
                spec: jobSpec(jobDeadline(spec), {
                    ...pods.template,
                    metadata: {
                        labels: pods.labels,
                        annotations: { [TRIGGERS_ANNOTATION]: triggersHash(spec.triggers) },
                    },
                }),
            },
            after({ ...own, ...timeouts(jobWait(spec)) }, pods.needs),
        );
        this.demand.addPods(spec, 2);
        return { name: spec.name, resources: [job] };
    }

    postgresCluster(spec: PostgresClusterSpec, opts: pulumi.CustomResourceOptions): WorkloadHandle {
        const keep = spec.stateful && this.options.protect;
        const made = makePostgresCluster(
            spec,
            {
                metadata: (name) => this.metadata(name, spec.component),
                inherited: podLabels(this.identity, spec.name, spec.component),
                priorityClass: this.objects.priorityClass("stores"),
                ...this.options,
                policies: this.objects.policiesOf(spec.name),
            },
            this.with(opts, { protect: keep, retainOnDelete: keep }),
        );
        // The job that makes a server's data comes before the server.
        this.demand.addPods(sized(spec), spec.instances + 1);
        return made;
    }

    /** A CronJob for each run, all of one account, one network policy and the same files. */
    schedule(spec: ScheduleSpec, opts: pulumi.CustomResourceOptions): ScheduleHandle {
        const own = this.with(opts);
        const pods = this.pods(spec, own, "Never");
        const jobs = spec.runs.map((run) => {
            const name = `${spec.name}-${run.name}`;
            const when = { schedule: run.cron, timeZone: spec.timeZone };
            const cron = cronJobSpec(run, when, pods.templateOf(run.args));
            const metadata = this.metadata(name, spec.component);
            return new CronJob(name, { metadata, spec: cron }, after(own, pods.needs));
        });
        this.demand.addPods(spec, spec.runs.length);
        const { between } = spec;
        const workload =
            between && this.workload({ ...spec, ...between, filesOf: spec.name, replicas: 1, exclusive: "data" }, opts);
        return { workload, resources: [...jobs, ...(workload?.resources ?? [])] };
    }

    peerHost(workload: string): string {
        return headlessName(workload);
    }

    complete(opts: pulumi.CustomResourceOptions): void {
        this.objects.quota(this.demand.quota(), opts);
    }

    private pods(
        spec: ContainerSpec,
        opts: pulumi.CustomResourceOptions,
        restartPolicy: PodParts["restartPolicy"],
        workload?: WorkloadSpec,
    ) {
        const { dependsOn: _later, ...now } = opts;
        const tier: PriorityTier = workload?.exclusive === "data" ? "stores" : "services";
        const account = this.objects.serviceAccount(spec.name, spec.component, now);
        const files = this.placer.place(spec, objectLabels(this.identity, spec.name, spec.component), now);
        const labels = templateLabels(spec, podLabels(this.identity, spec.name, spec.component), this.options);
        const templateOf = (args: string[] | undefined): core.v1.PodTemplateSpec => ({
            metadata: { labels },
            spec: podSpec(
                { ...spec, args },
                {
                    spread: workload && selector(this.identity, spec.name),
                    beside: besides(spec.mounts).map((name) => selector(this.identity, name)),
                    apart: (workload?.apartFrom ?? []).map((name) => selector(this.identity, name)),
                    near: (workload?.near ?? []).map((name) => selector(this.identity, name)),
                    serviceAccount: account.metadata.name,
                    imagePullSecrets: this.options.imagePullSecrets ?? [],
                    priorityClass: this.objects.priorityClass(tier),
                    files,
                    storage: this.options,
                    ports: workload?.ports ?? [],
                    probes: workload && probes(workload),
                    drainSeconds: workload ? drainSeconds(workload, this.options.edge) : 0,
                    stopSignal: workload?.stopSignal,
                    restartPolicy,
                },
            ),
        });
        const claims = ownClaims(spec.mounts, spec.name).map(({ volume }) => volume.resource);
        return {
            labels,
            template: templateOf(spec.args),
            templateOf,
            needs: [...this.objects.policiesOf(spec.name), ...files.resources, ...claims],
        };
    }

    private controller(
        spec: WorkloadSpec,
        { template }: { template: core.v1.PodTemplateSpec },
        opts: pulumi.CustomResourceOptions,
    ): Deployment | StatefulSet {
        const metadata = this.metadata(spec.name, spec.component);
        const parts = { selector: selector(this.identity, spec.name), template, storage: this.options };
        const waiting = { ...opts, ...timeouts(rolloutSeconds(spec) * mostReplicas(spec)) };
        return spec.exclusive === "data"
            ? new StatefulSet(
                  spec.name,
                  { metadata, spec: statefulSetSpec(spec, parts) },
                  { ...waiting, ...(ownClaims(spec.mounts, spec.name).length > 0 && KEEP_CLAIMS) },
              )
            : new Deployment(
                  spec.name,
                  { metadata, spec: deploymentSpec(spec, parts) },
                  { ...waiting, ...(spec.autoscale && SCALED) },
              );
    }

    private services(spec: WorkloadSpec, opts: pulumi.CustomResourceOptions): Service[] {
        const metadata = (name: string) => this.metadata(name, spec.component);
        return makeServices(
            spec,
            { edge: this.options.edge, pods: selector(this.identity, spec.name), metadata },
            opts,
        );
    }

    private front(spec: WorkloadSpec, opts: pulumi.CustomResourceOptions): void {
        const http = spec.ports.find((port) => port.publish);
        if (spec.front && http) {
            const backend = { service: spec.name, port: http.publish!.port };
            makeFront(spec.front, backend, this.options.edge, this.metadata(spec.name, spec.component), opts);
            if (isIssued(spec.front, this.options.edge)) {
                this.objects.acmeSolver(opts);
                // One for each host name of the certificate.
                this.demand.addPods(ACME_SOLVER, spec.front.hosts.length);
            }
        }
    }

    private metadata(name: string, component: string) {
        return {
            name,
            namespace: this.objects.namespace,
            labels: objectLabels(this.identity, name, component),
        };
    }

    private with(
        opts: pulumi.CustomResourceOptions,
        more: pulumi.CustomResourceOptions = {},
    ): pulumi.CustomResourceOptions {
        return { ...opts, ...more, provider: this.objects.provider };
    }
}

/** A claim that is there is adopted as it is: its size is changed where it is made, and a template cannot be changed at all. */
const KEEP_CLAIMS: pulumi.CustomResourceOptions = { ignoreChanges: ["spec.volumeClaimTemplates"] };

/** Workloads that have a volume of these mounts. */
function besides(mounts: ContainerSpec["mounts"]): string[] {
    return [...new Set(mounts.flatMap(({ beside }) => beside ?? []))];
}
