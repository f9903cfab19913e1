import type { UntypedDeployment } from "@groundwork/engine/api";

import type { StackConfig } from "../../../../config/types";
import type { Standalone, StandaloneSpec } from "../backups/standalone";
import type { Toolbox } from "../backups/toolbox";
import { FailedError } from "../errors";
import type { EdgeAccess, ExecResult, LogOptions, Runtime } from "../runtime/runtime";
import type { Replica, StackStatus } from "../runtime/status";
import { stackFlag } from "../words";
import { readCaRoot } from "./ca";
import type { DockerHost } from "./client";
import { containersOf, stackFilter } from "./drift";
import { execIn } from "./exec";
import { inspectStack } from "./inventory";
import { streamLogs } from "./logs";
import { addMissing } from "./missing";

const WILDCARDS = ["0.0.0.0", "::"];

/** A stack on a Docker engine. */
export class DockerRuntime implements Runtime {
    readonly kind = "docker";

    constructor(
        private readonly host: DockerHost,
        private readonly stack: string,
    ) {}

    inspect(options?: { usage?: boolean }): Promise<StackStatus> {
        return inspectStack(this.host.docker, this.stack, options);
    }

    addMissing(status: StackStatus, state: UntypedDeployment): number {
        return addMissing(status, state);
    }

    streamLogs(
        _service: string,
        replica: Replica,
        options: LogOptions,
        onLine: (line: string, time: string) => void,
    ): Promise<void> {
        return streamLogs(this.host.docker, replica.id, options, onLine);
    }

    exec(_service: string, replica: Replica, command: string[], timeoutMs: number): Promise<ExecResult> {
        return execIn(this.host.docker, replica.id, command, timeoutMs);
    }

    /** On this machine the name need not resolve; elsewhere it must, as it must for its users. */
    reachEdge({ edge }: StackConfig): Promise<EdgeAccess> {
        const local = WILDCARDS.includes(edge.address) ? "127.0.0.1" : edge.address;
        return Promise.resolve({ address: this.host.local ? local : undefined, close: () => Promise.resolve() });
    }

    async edgeCertificate(status: StackStatus): Promise<string> {
        const edge = status.services.find((s) => s.component === "edge")?.replicas[0];
        if (!edge)
            throw new FailedError(
                `Stack ${this.stack} has no edge.`,
                `gw up${stackFlag({ stack: { name: this.stack } })} brings it up.`,
            );
        return readCaRoot(this.host.docker, edge.id);
    }

    async toolbox(): Promise<Toolbox> {
        const { DockerToolbox } = await import("./toolbox.js");
        return new DockerToolbox(this.host.docker, this.stack);
    }

    async standalone(spec: StandaloneSpec): Promise<Standalone> {
        const { openStandalone } = await import("./standalone.js");
        return openStandalone(this.host.docker, this.stack, spec);
    }

    async leftovers(): Promise<string[]> {
        const { docker } = this.host;
        const filters = { label: [stackFilter(this.stack)] };
        const [containers, { Volumes: volumes }] = await Promise.all([
            containersOf(docker, this.stack),
            docker.listVolumes({ filters: JSON.stringify(filters) }),
        ]);
        return [...containers.map(({ name }) => name), ...(volumes ?? []).map(({ Name: name }) => name)];
    }

    wayIn(): undefined {
        return undefined;
    }
}
