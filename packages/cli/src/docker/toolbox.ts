/** The toolbox of a stack's backups, on its Docker engine. */
import { randomBytes } from "node:crypto";

import type Docker from "dockerode";

import { CONFIGURATION, STORES_DIRECTORY } from "../../../../components/backup/layout";
import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { Answer } from "../backups/outcome";
import { noBackups, type BackedUpStore, type OnLog, type Outcome, type Task, type Toolbox } from "../backups/toolbox";
import { stackFilter } from "./drift";
import { ifThere, isNotFound } from "./errors";
import { readFileIn } from "./file";
import { isJob } from "./inventory";
import { streamLogs } from "./logs";
import { createTool, startTool } from "./tool-container";

/** A container of the stack that backs up. */
interface Scheduler {
    info: Docker.ContainerInspectInfo;
    stores: BackedUpStore[];
}

const TASK = "restore";

export class DockerToolbox implements Toolbox {
    private found?: Promise<Scheduler[]>;

    constructor(
        private readonly docker: Docker,
        private readonly stack: string,
    ) {}

    async stores(): Promise<BackedUpStore[]> {
        return (await this.schedulers()).flatMap(({ stores }) => stores);
    }

    async ask(args: string[], store?: string): Promise<Outcome> {
        const { info } = await this.schedulerOf(store);
        const name = `${this.nameOf("ask")}-${randomBytes(3).toString("hex")}`;
        const container = await createTool(this.docker, info, {
            name,
            args,
            writes: false,
            networks: true,
            labels: {},
        });
        try {
            return await this.watch(container, info, () => undefined);
        } finally {
            await container.remove({ force: true, v: true });
        }
    }

    async begun(): Promise<Task[]> {
        const containers = await this.docker.listContainers({
            all: true,
            filters: { label: [stackFilter(this.stack), LABEL_PREFIX + TASK] },
        });
        return containers.map(({ Labels: labels }) => JSON.parse(labels[LABEL_PREFIX + TASK]!) as Task);
    }

    async begin(task: Task): Promise<void> {
        const { info } = await this.schedulerOf(task.store);
        await createTool(this.docker, info, {
            name: this.nameOf(task.step),
            args: task.args,
            writes: true,
            // What moves files of a stopped store needs nobody, and would look for the store's name for a long time.
            networks: task.step === "prepare" || task.stops.length === 0,
            labels: { [TASK]: JSON.stringify(task) },
        });
    }

    async finish(task: Task, onLog: OnLog): Promise<Outcome> {
        const { info } = await this.schedulerOf(task.store);
        return this.watch(this.docker.getContainer(this.nameOf(task.step)), info, onLog);
    }

    async forget(task: Task): Promise<void> {
        const container = this.docker.getContainer(this.nameOf(task.step));
        try {
            const { State: state } = await container.inspect();
            if (state.Running) await unlessSo(container.stop());
            await container.remove({ force: true, v: true });
        } catch (error) {
            if (!isNotFound(error)) throw error;
        }
    }

    async stop(services: string[]): Promise<void> {
        await this.each(services, (container) => container.stop());
    }

    async start(services: string[]): Promise<void> {
        await this.each(services, (container) => container.start());
    }

    private async each(services: string[], action: (container: Docker.Container) => Promise<unknown>): Promise<void> {
        const containers = (await this.containers()).filter(({ Labels: labels }) =>
            services.includes(labels[`${LABEL_PREFIX}service`] ?? ""),
        );
        await Promise.all(containers.map(({ Id: id }) => unlessSo(action(this.docker.getContainer(id)))));
    }

    /** Starts it where it has not run to a good end, and reads what it says until it ends. */
    private async watch(
        container: Docker.Container,
        scheduler: Docker.ContainerInspectInfo,
        onLog: OnLog,
    ): Promise<Outcome> {
        const tool = await container.inspect();
        const { State: state } = tool;
        const done = state.Status === "exited" && state.ExitCode === 0;
        const since = done ? undefined : Math.floor(Date.now() / 1000);
        if (!state.Running && !done) await startTool(this.docker, tool, scheduler);
        const answer = new Answer(onLog);
        const again = state.Status === "exited" && !done;
        const log = { tail: "all" as const, follow: true, ...(again && { since }) };
        const [, { StatusCode: exitCode }] = await Promise.all([
            streamLogs(this.docker, container.id, log, (line) => answer.add(line)),
            container.wait() as Promise<{ StatusCode: number }>,
        ]);
        return answer.outcome(exitCode);
    }

    private nameOf(part: string): string {
        return `gw-${this.stack}-restore-${part}`;
    }

    private async schedulerOf(store: string | undefined): Promise<Scheduler> {
        const all = await this.schedulers();
        const found =
            store === undefined ? all[0] : all.find(({ stores }) => stores.some(({ name }) => name === store));
        if (!found) throw noBackups(this.stack);
        return found;
    }

    private schedulers(): Promise<Scheduler[]> {
        return (this.found ??= this.findSchedulers());
    }

    private async findSchedulers(): Promise<Scheduler[]> {
        const containers = await this.containers();
        const label = ({ Labels: labels }: Docker.ContainerInfo, name: string) => labels[LABEL_PREFIX + name] ?? "";
        const schedulers = containers
            .filter((one) => label(one, "component") === "backup" && label(one, "replica") !== "")
            .sort((a, b) => label(a, "service").localeCompare(label(b, "service")));
        const found: Scheduler[] = [];
        for (const { Id: id } of schedulers) {
            const text = await readFileIn(this.docker, id, CONFIGURATION);
            if (text === undefined) continue;
            const info = await ifThere(this.docker.getContainer(id).inspect());
            if (info === undefined) continue;
            const settings = JSON.parse(text) as { stores: Record<string, { driver: string }> };
            const stores: BackedUpStore[] = [];
            for (const [name, { driver }] of Object.entries(settings.stores))
                stores.push({ name, driver, users: await this.usersOf(name, info, containers) });
            found.push({ info, stores });
        }
        if (found.length === 0) throw noBackups(this.stack);
        return found;
    }

    /** Services with the store's volume; not the job that gave it to its owner. */
    private async usersOf(
        store: string,
        { Mounts: mounts }: Docker.ContainerInspectInfo,
        containers: Docker.ContainerInfo[],
    ): Promise<string[]> {
        const volume = mounts.find(({ Destination: path }) => path === `${STORES_DIRECTORY}/${store}`)?.Name;
        const users = new Set<string>();
        for (const { Id: id, Labels: labels, Mounts: own } of containers) {
            const service = labels[`${LABEL_PREFIX}service`];
            if (service === undefined || labels[`${LABEL_PREFIX}component`] === "backup") continue;
            if (volume === undefined || !own.some(({ Name: name }) => name === volume)) continue;
            const info = await ifThere(this.docker.getContainer(id).inspect());
            if (info !== undefined && !isJob(info)) users.add(service);
        }
        return [...users].sort();
    }

    private containers(): Promise<Docker.ContainerInfo[]> {
        return this.docker.listContainers({ all: true, filters: { label: [stackFilter(this.stack)] } });
    }
}

/** What is in that state already is answered with 304. */
async function unlessSo(action: Promise<unknown>): Promise<void> {
    try {
        await action;
    } catch (error) {
        if ((error as { statusCode?: number }).statusCode !== 304) throw error;
    }
}
