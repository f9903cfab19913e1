/** The one interface between the toolbox and a kind of store. */
import type { Writable } from "node:stream";

import type { BackupConfig } from "../config";
import type { Kind } from "../config.stores";
import type { Contents, Manifest, Part } from "../manifest";
import type { TreeOptions } from "../repository/repository";

/** How a folder is proven; see `manifest.ts`. */
export type Proof = Part["proof"];

/** Where a capture puts what it finds. */
export interface Sink {
    /** What a command writes to its standard output. A command that fails fails the capture. */
    stream(name: string, command: string[], env?: Record<string, string>): Promise<void>;
    text(name: string, content: string): Promise<void>;
    /** A file on the disk. What comes back must have its checksum. */
    file(name: string, path: string): Promise<void>;
    tree(name: string, directory: string, options?: TreeOptions & { proof?: Proof }): Promise<void>;
}

export interface FetchOptions {
    /** Whether a folder's files must belong to who they belonged to. Default: yes. */
    owners?: boolean;
    /** Given a file while it comes, before it is known to be whole. It is not ended. */
    copy?: Writable;
}

/** Where a restore takes it from. */
export interface Source {
    manifest: Manifest;
    /** Writes a part below a folder and checks it against the manifest; returns the path of the file or folder. */
    fetch(name: string, directory: string, options?: FetchOptions): Promise<string>;
    readText(name: string): Promise<string>;
}

export interface Context {
    config: BackupConfig;
    /** Empty at the start, gone at the end. */
    scratch: string;
    signal: AbortSignal;
}

export interface RestoreContext extends Context {
    /**
     * Called before anything is written beside the live data, and just before live data is replaced: whatever moment the toolbox is killed
     * at after that, an undo knows what to put back or to clear away.
     */
    intend(restored: Restored): void;
}

export interface Captured {
    /** What was written before it is in the backup. */
    pointAt: Date;
    versions: Record<string, string>;
    contents: Contents;
    canary?: string;
    details?: Record<string, string>;
}

export interface RestoreRequest {
    /** A new name beside the live data, which stays as it is. */
    into?: string;
    database?: string;
    table?: string;
    /** For Memgraph: nodes and relationships alone, while it runs. */
    graphOnly: boolean;
    /** For a point between two backups. */
    time?: Date;
    /** A backup was named: nothing that was written after it is wanted. */
    exact: boolean;
}

/** What a restore would do. */
export interface Plan {
    /** For people, in their order. */
    steps: string[];
    /** It is prepared while the store runs, and swapped in while the store is stopped. */
    stops: boolean;
}

export interface Proven {
    contents: Contents;
    /** The last change that came back, where that is newer than the backup: by the log after it. */
    reaches?: Date;
}

/** What a finished or prepared restore leaves, so that it can be swapped in or undone. */
export interface Restored {
    /** `beside`: the live data is as it was. `prepared`: waits until the store is stopped and swapped. `swapped`: it is live. */
    state: "beside" | "prepared" | "swapped";
    /** For people: where what is. */
    summary: string[];
    /** What `swap` and `undo` need. */
    data: Record<string, string>;
}

export interface Driver {
    /** How a run of this kind is done; backups of different methods are kept apart. */
    method(kind: Kind): string;
    /** The method whose newest backup brings back most, for a restore that names no backup. */
    readonly preferredMethod: string;
    capture(kind: Kind, sink: Sink, context: Context): Promise<Captured>;
    /** A command that reads a part to its end and fails if it is not whole. What has none is proven by its checksum alone. */
    check(part: Part): string[] | undefined;
    plan(manifest: Manifest, request: RestoreRequest): Plan;
    restore(source: Source, request: RestoreRequest, context: RestoreContext): Promise<Restored>;
    /** Puts a prepared restore in the place of the live data; goes on where an interrupted one stopped. */
    swap(restored: Restored, context: Context): Promise<Restored>;
    /** Puts back what a restore had replaced, or clears away what it had prepared; goes on where an interrupted one stopped. */
    undo(restored: Restored, context: Context): Promise<string[]>;
    /** Removes what a restore that was swapped in keeps for an undo, or an undo keeps of it. The live data is not touched. */
    clear(restored: Restored): Promise<void>;
    /** Whether the store must be stopped for `undo`. */
    undoStops(restored: Restored): boolean;
    /** Restores into a throw-away place inside of this container and says what is there. @throws when it is not what the manifest says */
    prove(source: Source, context: Context): Promise<Proven>;
}
