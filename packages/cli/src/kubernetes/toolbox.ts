/** The toolbox of a stack's backups, in its namespace of a cluster. */
import { randomBytes } from "node:crypto";

import { CONFIGURATION, STORES_DIRECTORY } from "../../../../components/backup/layout";
import { BACKUP } from "../../../../systems/types";
import { LABEL_PREFIX } from "../../../../targets/kubernetes/labels";
import { noBackups, type BackedUpStore, type OnLog, type Outcome, type Task, type Toolbox } from "../backups/toolbox";
import type { Cluster } from "./client";
import { found } from "./errors";
import { LABELS } from "./objects";
import { createJob, endJob, watchJob } from "./run-job";
import { scaleDown, scaleUp, usersOf, type Where } from "./scale";
import { claimAt, claimsOf, toolJob } from "./tool-job";
import type { V1Job, V1PodSpec, V1PodTemplateSpec } from "./types";

/** What CronJobs of one name have in common. */
interface Tool {
    template: V1PodTemplateSpec;
    labels: Record<string, string>;
    stores: { name: string; driver: string }[];
    /** It mounts no store: what it is asked needs none. */
    apart: boolean;
}

const TASK = `${LABEL_PREFIX}restore`;
const COMPONENT = "restore";

export class KubernetesToolbox implements Toolbox {
    private readonly where: Where;
    private known?: Promise<Tool[]>;

    constructor(
        private readonly cluster: Cluster,
        private readonly stack: string,
        private readonly namespace: string,
    ) {
        this.where = { namespace, labelSelector: `${LABELS.stack}=${stack}` };
    }

    async stores(): Promise<BackedUpStore[]> {
        const each = (await this.tools()).filter(({ apart }) => !apart);
        return Promise.all(
            each.flatMap(({ stores, template }) =>
                stores.map(async ({ name, driver }) => {
                    const claim = claimAt(template.spec!, `${STORES_DIRECTORY}/${name}`);
                    const users = claim === undefined ? [] : await usersOf(this.cluster, this.where, claim);
                    return { name, driver, users };
                }),
            ),
        );
    }

    async ask(args: string[], store?: string): Promise<Outcome> {
        const name = `restore-ask-${randomBytes(3).toString("hex")}`;
        await createJob(this.cluster, await this.job({ name, args, store, writes: false, suspend: false }));
        try {
            return await watchJob(this.cluster, { name, namespace: this.namespace }, () => undefined);
        } finally {
            await endJob(this.cluster, { name, namespace: this.namespace });
        }
    }

    async begun(): Promise<Task[]> {
        const labelSelector = `${this.where.labelSelector},${LABELS.component}=${COMPONENT}`;
        const { items } = await this.cluster.batch.listNamespacedJob({ namespace: this.namespace, labelSelector });
        return items.flatMap(({ metadata }) => {
            const said = metadata?.annotations?.[TASK];
            return said === undefined ? [] : [JSON.parse(said) as Task];
        });
    }

    async begin(task: Task): Promise<void> {
        await createJob(this.cluster, await this.jobOf(task));
    }

    /** A Job that has failed is over for good: another one takes its place. */
    async finish(task: Task, onLog: OnLog): Promise<Outcome> {
        const where = this.at(task);
        const { status } = await this.cluster.batch.readNamespacedJob(where);
        if ((status?.failed ?? 0) > 0) {
            await endJob(this.cluster, where);
            await this.begin(task);
        }
        return watchJob(this.cluster, where, onLog);
    }

    async forget(task: Task): Promise<void> {
        await endJob(this.cluster, this.at(task));
    }

    stop(services: string[]): Promise<void> {
        return scaleDown(this.cluster, this.where, services);
    }

    start(services: string[]): Promise<void> {
        return scaleUp(this.cluster, this.where, services);
    }

    private at({ step }: Task) {
        return { name: `restore-${step}`, namespace: this.namespace };
    }

    private async jobOf(task: Task): Promise<V1Job> {
        const { name } = this.at(task);
        const job = await this.job({ name, args: task.args, store: task.store, writes: true, suspend: true });
        return { ...job, metadata: { ...job.metadata, annotations: { [TASK]: JSON.stringify(task) } } };
    }

    private async job({ name, args, store, writes, suspend }: JobParts): Promise<V1Job> {
        const { template, labels } = await this.toolOf(store);
        return toolJob(template, {
            metadata: {
                name,
                namespace: this.namespace,
                labels: { ...labels, [LABELS.name]: name, [LABELS.component]: COMPONENT },
            },
            args,
            writes,
            suspend,
            node: await this.nodeOf(template.spec!),
        });
    }

    /** Where a volume for one node is attached, whoever mounts it. */
    private async nodeOf(spec: V1PodSpec): Promise<string | undefined> {
        const claims = claimsOf(spec);
        const { items } = await this.cluster.core.listNamespacedPod({ namespace: this.namespace });
        return items.find(
            ({ spec: other, status }) =>
                ["Running", "Pending"].includes(status?.phase ?? "") &&
                other?.nodeName !== undefined &&
                claimsOf(other).some((claim) => claims.includes(claim)),
        )?.spec?.nodeName;
    }

    private async toolOf(store: string | undefined): Promise<Tool> {
        const tools = await this.tools();
        const found =
            store === undefined
                ? (tools.find(({ apart }) => apart) ?? tools[0])
                : tools.find(({ stores, apart }) => !apart && stores.some(({ name }) => name === store));
        if (!found) throw noBackups(this.stack);
        return found;
    }

    private tools(): Promise<Tool[]> {
        return (this.known ??= this.findTools());
    }

    private async findTools(): Promise<Tool[]> {
        const labelSelector = `${this.where.labelSelector},${LABELS.component}=backup`;
        const { items } = await this.cluster.batch.listNamespacedCronJob({ namespace: this.namespace, labelSelector });
        const tools = new Map<string, Tool>();
        for (const { metadata, spec } of items) {
            const template = spec?.jobTemplate.spec?.template;
            // A CronJob has a name of its own, its pods have that of the group.
            const name = template?.metadata?.labels?.[LABELS.name] ?? "";
            if (template?.spec === undefined || tools.has(name)) continue;
            const stores = await this.storesIn(template.spec);
            const apart = name === BACKUP;
            if (stores.length > 0) tools.set(name, { template, labels: metadata!.labels!, stores, apart });
        }
        if (tools.size === 0) throw noBackups(this.stack);
        return [...tools.values()];
    }

    /** As its configuration says. */
    private async storesIn(spec: V1PodSpec): Promise<Tool["stores"]> {
        const directory = CONFIGURATION.slice(0, CONFIGURATION.lastIndexOf("/"));
        const mount = spec.containers[0]?.volumeMounts?.find(({ mountPath }) => mountPath === directory);
        const sources = spec.volumes?.find(({ name }) => name === mount?.name)?.projected?.sources ?? [];
        const name = sources.find(({ configMap }) => configMap)?.configMap?.name;
        if (name === undefined) return [];
        const map = await found(() => this.cluster.core.readNamespacedConfigMap({ name, namespace: this.namespace }));
        const text = map?.data?.[CONFIGURATION.slice(directory.length + 1)];
        if (text === undefined) return [];
        const { stores } = JSON.parse(text) as { stores: Record<string, { driver: string }> };
        return Object.entries(stores).map(([store, { driver }]) => ({ name: store, driver }));
    }
}

interface JobParts {
    name: string;
    args: string[];
    /** Default: all. */
    store?: string;
    writes: boolean;
    suspend: boolean;
}
