import { LimitRange, Namespace, ResourceQuota, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import { PriorityClass } from "@pulumi/kubernetes/scheduling/v1";
import * as pulumi from "@pulumi/pulumi";

import type { PostgresClusterNames } from "../../components/postgres/cluster-spec";
import type { Flow } from "../../components/spec";
import type { StackIdentity } from "../target";
import { CONTAINER_DEFAULTS, podSecurityLabels, priority, type PriorityTier } from "./bounds";
import { clusterSelectors } from "./cloudnative-pg";
import { type Labels, objectLabels, selector } from "./labels";
import { ALLOW_ACME_SOLVER, ALLOW_DNS, DENY_ALL, policies } from "./network";

export interface StackObjectsOptions {
    context?: string;
    namespace?: string;
    /** Labels of the namespace, beside the stack's own. */
    namespaceLabels?: Labels;
    privateRanges: string[];
    protect: boolean;
}

/** What Kubernetes takes as a namespace's name, and as the value of a label. */
const NAMESPACE_LENGTH = 63;

/** What a stack has once: its namespace and what holds for everything in it. */
export class StackObjects {
    readonly provider: Provider;
    readonly namespace: pulumi.Output<string>;
    private readonly priorities: Record<PriorityTier, PriorityClass>;
    /** What no pod starts before. */
    private readonly everywhere: pulumi.Resource[] = [];
    private readonly byWorkload = new Map<string, NetworkPolicy>();

    constructor(
        private readonly identity: StackIdentity,
        private readonly options: StackObjectsOptions,
    ) {
        const name = options.namespace ?? identity.prefix;
        expectShort(identity);
        this.provider = new Provider("kubernetes", { ...(options.context && { context: options.context }) });
        const namespace = new Namespace(
            identity.prefix,
            {
                metadata: {
                    name,
                    labels: { ...options.namespaceLabels, ...this.labels("namespace"), ...podSecurityLabels() },
                },
            },
            // A namespace takes its claims with it, whoever protects them.
            { provider: this.provider, protect: options.protect, retainOnDelete: options.protect },
        );
        this.namespace = namespace.metadata.name;
        this.priorities = { stores: this.priority("stores"), services: this.priority("services") };
    }

    priorityClass(tier: PriorityTier): pulumi.Output<string> {
        return this.priorities[tier].metadata.name;
    }

    /** Without any right in the cluster, and without a token. */
    serviceAccount(name: string, component: string, opts: pulumi.CustomResourceOptions): ServiceAccount {
        const metadata = { name, namespace: this.namespace, labels: objectLabels(this.identity, name, component) };
        return new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, opts);
    }

    connections(flows: Flow[], clusters: PostgresClusterNames[], opts: pulumi.CustomResourceOptions): void {
        const policy = (name: string, spec: typeof DENY_ALL) => this.policy(name, spec, opts);
        this.everywhere.push(policy("default-deny", DENY_ALL), policy("allow-dns", ALLOW_DNS));
        const operated = clusterSelectors(clusters);
        const selectorOf = (name: string) => operated.get(name) ?? selector(this.identity, name);
        const found = policies(flows, selectorOf, this.options.privateRanges);
        for (const [name, spec] of found) {
            this.byWorkload.set(name, policy(name, spec));
        }
    }

    /** For certificates that cert-manager asks for. */
    acmeSolver(opts: pulumi.CustomResourceOptions): void {
        this.policy("allow-acme-solver", ALLOW_ACME_SOLVER, opts);
    }

    /** What a workload's pods must not start before. */
    policiesOf(workload: string): pulumi.Resource[] {
        const own = this.byWorkload.get(workload);
        return own ? [...this.everywhere, own] : this.everywhere;
    }

    quota(hard: Record<string, string>, opts: pulumi.CustomResourceOptions): void {
        new ResourceQuota("stack", { metadata: this.metadata("stack", "quota"), spec: { hard } }, this.with(opts));
        new LimitRange(
            "stack",
            { metadata: this.metadata("stack", "limits"), spec: CONTAINER_DEFAULTS },
            this.with(opts),
        );
    }

    private policy(name: string, spec: typeof DENY_ALL, opts: pulumi.CustomResourceOptions): NetworkPolicy {
        return new NetworkPolicy(name, { metadata: this.metadata(name, "network"), spec }, this.with(opts));
    }

    private priority(tier: PriorityTier): PriorityClass {
        const name = `${this.identity.prefix}-${tier}`;
        return new PriorityClass(
            name,
            {
                metadata: { name, labels: this.labels("priority") },
                description: `The ${tier} of the Groundwork stack ${this.identity.stack}`,
                globalDefault: false,
                ...priority(this.identity.environment, tier),
            },
            { provider: this.provider },
        );
    }

    private metadata(name: string, component: string) {
        return { name, namespace: this.namespace, labels: objectLabels(this.identity, name, component) };
    }

    private labels(component: string) {
        return objectLabels(this.identity, this.identity.prefix, component);
    }

    private with(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
        return { ...opts, provider: this.provider };
    }
}

function expectShort({ prefix, stack }: StackIdentity): void {
    if (prefix.length > NAMESPACE_LENGTH) {
        const most = NAMESPACE_LENGTH - (prefix.length - stack.length);
        throw new pulumi.RunError(
            `The stack's name has ${stack.length} characters, and on Kubernetes, where it is part of labels, it may have ${most}. Choose a shorter one.`,
        );
    }
}
