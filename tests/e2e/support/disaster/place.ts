/** What the disaster drill needs of wherever a stack runs. */
import type { SystemKey } from "../../../../systems/types";
import type { StackSandbox } from "../sandbox";

/** A bucket that is none of a stack's, as a cloud would have it. */
export interface Bucket {
    name: string;
    endpoint: string;
    keys: { access: string; secret: string };
    /** Removes all that a stack has in it. */
    empty(stack: string): Promise<void>;
}

export interface Ruin {
    readonly sandbox: StackSandbox;
    /** The service that ships Postgres' log to the bucket, and has metrics of it. */
    readonly shipper: string;
    /** Runs a shell's script in a container of the stack, as its user. @throws Error with what it said */
    inside(service: string, script: string): Promise<string>;
    /** Backs a store up as its schedule of this name would. */
    backUp(store: string, schedule: string): Promise<void>;
    /** Whether a step of a restore is there: `prepare`, `swap`. */
    isAt(step: string): Promise<boolean>;
    /** Removes all that runs of it and all that holds its data; fails where anything is left. */
    raze(): Promise<void>;
}

export interface Place {
    /** `Docker` or `Kubernetes`. */
    title: string;
    /** What the stacks' names begin with. */
    prefix: string;
    /** Why it cannot be used; undefined: it can. */
    missing(): Promise<string | undefined>;
    openBucket(): Promise<Bucket>;
    closeBucket(): Promise<void>;
    /** @param offset keeps the ports of stacks apart */
    open(stack: string, system: SystemKey, offset: number): Promise<Ruin>;
}

/** Who may write to the bucket's server. */
export const BUCKET_KEYS = { access: "the-stack", secret: "secret-of-the-stack" };

/** The bucket's server, as a script of the image `s3`, at port 7070. */
export const SERVE_BUCKET = `mkdir -p /data/meta /data/objects/backups
exec versitygw --port :7070 --health /health --quiet posix --sidecar /data/meta /data/objects`;
