/** What commands ask of whatever a stack runs on. */
import type { UntypedDeployment } from "@groundwork/engine/api";

import type { StackConfig } from "../../../../config/types";
import type { Standalone, StandaloneSpec } from "../backups/standalone";
import type { Toolbox } from "../backups/toolbox";
import type { Replica, StackStatus } from "./status";

export interface ExecResult {
    exitCode: number;
    stdout: string;
    stderr: string;
}

export interface LogOptions {
    /** Newest lines of each replica. */
    tail: number | "all";
    /** Seconds since the epoch. */
    since?: number;
    follow: boolean;
    signal?: AbortSignal;
}

/** Where this machine reaches a stack's edge. Closed when nobody needs it any more. */
export interface EdgeAccess {
    /** Absent: what the host name resolves to. */
    address?: string;
    /** Where they are not the ports that users know. */
    ports?: { http: number; https: number };
    /** What users should know of the way, e.g. that it is there for this run only. */
    note?: string;
    close(): Promise<void>;
}

export interface Runtime {
    readonly kind: StackConfig["target"];
    /** @param options.usage also measure memory and cpu, where that can be measured */
    inspect(options?: { usage?: boolean }): Promise<StackStatus>;
    /** Adds to `status` what the state says runs and does not. @returns how many replicas that are */
    addMissing(status: StackStatus, state: UntypedDeployment): number;
    /** Calls `onLine` for every line, with its time, until the log ends or the signal aborts. */
    streamLogs(
        service: string,
        replica: Replica,
        options: LogOptions,
        onLine: (line: string, time: string) => void,
    ): Promise<void>;
    /** Runs a command in a replica of a service, as its own user. @throws Error when it is not done in time */
    exec(service: string, replica: Replica, command: string[], timeoutMs: number): Promise<ExecResult>;
    reachEdge(config: StackConfig, status: StackStatus): Promise<EdgeAccess>;
    /** The root certificate of the edge's own authority, as PEM text. @throws FailedError when it has none */
    edgeCertificate(status: StackStatus): Promise<string>;
    /** What backs the stack up and brings it back. */
    toolbox(): Promise<Toolbox>;
    /** The same where the stack is not. */
    standalone(spec: StandaloneSpec): Promise<Standalone>;
    /** Names of what runs of the stack, and of what holds its data. */
    leftovers(): Promise<string[]>;
    /** The command by which users get to the edge, where its URL alone does not lead there; else undefined. */
    wayIn(config: StackConfig): string | undefined;
}
