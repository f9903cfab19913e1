/** State of a stack: a snapshot file, and a journal of the run under way beside it. */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { ResourceState, UntypedDeployment } from "../api";
import type { PropertyMap } from "../provider";
import { Crypter, revealed, SecretCodec } from "./crypto";
import { decodeState, encodeState } from "./encoding";
import { changedElsewhere, writing } from "./errors";
import { Journal, readJournal, replay, type EncodedResource, type OperationType } from "./journal";
import { inDependencyOrder, withCurrentUrns, type Dependent } from "./order";
import { deploymentHead, fromDeployment, readSnapshot, replaceWith, snapshotText, writeTemporary } from "./snapshot";

/** A resource as the engine holds it: secrets are tagged and in plaintext, in memory only. */
export interface State extends Dependent {
    inputs?: PropertyMap;
    outputs?: PropertyMap;
    importID?: string;
    taint?: boolean;
}

/** A place in the state. */
export interface Row {
    /** Changes when the journal is compacted: hold the row, not its number. */
    id: number;
    state: State;
    /** The state as it is written, where that is known. */
    text?: string;
}

/** Something that was begun and whose outcome is not known yet. */
export interface Operation {
    id: number;
    type: OperationType;
    state: State;
    text: string;
}

export interface Change {
    /** The operation that this is the outcome of. */
    end?: Operation;
    put?: { row?: Row; state: State }[];
    drop?: Row[];
}

export interface StoreOptions {
    dir: string;
    stack: string;
    passphrase: string;
    /** The stack file's salt, for a stack that has no state yet. */
    salt?: string;
}

/** A journal is compacted in the middle of a run when it is longer than this, and than twice the snapshot. */
const COMPACT_BYTES = 16 << 20;

export class StateStore {
    readonly rows = new Map<number, Row>();
    /** Begun and not ended; after loading: what an interrupted run left. */
    readonly pending = new Map<number, Operation>();
    private codec!: SecretCodec;
    private journal!: Journal;
    private nextRow = 0;
    private nextOperation = 0;
    private dirty = false;
    private snapshotBytes = 0;
    /** A closed state that holds nothing leaves no file. */
    forgetWhenEmpty = false;
    private compacting?: Promise<undefined>;
    private closed = false;
    private readonly path: string;
    private readonly journalPath: string;

    private constructor(private readonly options: StoreOptions) {
        this.path = join(options.dir, `${options.stack}.json`);
        this.journalPath = join(options.dir, `${options.stack}.journal`);
    }

    /** Makes the directory, readable by its owner alone. */
    static prepareDirectory(dir: string): void {
        writing(dir, () => {
            mkdirSync(dir, { recursive: true, mode: 0o700 });
            chmodSync(dir, 0o700);
        });
    }

    /** Reads without changing anything on disk. */
    static async read(options: StoreOptions): Promise<StateStore> {
        const store = new StateStore(options);
        const { digest, resources, pending, salt, dirty } = store.readFiles();
        const wanted = salt ?? options.salt;
        store.codec = new SecretCodec(
            wanted ? await Crypter.open(options.passphrase, wanted) : await Crypter.create(options.passphrase),
        );
        store.fill(resources, pending);
        store.dirty = dirty || salt === undefined;
        store.journal = new Journal(store.journalPath, digest);
        return store;
    }

    /** For a run that changes the stack; the caller holds its lock. */
    static async open(options: StoreOptions): Promise<StateStore> {
        const store = await StateStore.read(options);
        // What an interrupted run left goes into the snapshot first, so that a journal always continues a whole one; and so does a new
        // stack's salt, without which nobody could open the journal's secrets.
        if (store.dirty) await store.compact();
        return store;
    }

    private readFiles(): {
        digest: string;
        resources: Iterable<EncodedResource>;
        pending: { type: OperationType; resource: EncodedResource }[];
        salt?: string;
        dirty: boolean;
    } {
        // A run that ends between the two reads replaces both files: then they are read again.
        for (let attempt = 0; ; attempt++) {
            const { digest, resources, pending, salt } = readSnapshot(this.path);
            const entries = readJournal(this.journalPath);
            // A journal of which nothing got onto the disk says nothing, but has to go.
            if (!entries?.length) return { digest, resources, pending, salt, dirty: entries !== undefined };
            const replayed = replay(resources, pending, entries);
            if (replayed.base === digest)
                return { digest, resources: replayed.rows.values(), pending: replayed.pending, salt, dirty: true };
            if (replayed.compacted === digest) return { digest, resources, pending, salt, dirty: true };
            if (attempt === 5) {
                throw changedElsewhere(this.path, this.journalPath);
            }
        }
    }

    private fill(
        resources: Iterable<EncodedResource>,
        pending: { type: OperationType; resource: EncodedResource }[],
    ): void {
        for (const resource of resources) this.addRow(this.decode(resource));
        for (const { type, resource } of pending) this.track(type, this.decode(resource));
    }

    private addRow(state: State, text?: string): Row {
        const row: Row = { id: this.nextRow++, state, text };
        this.rows.set(row.id, row);
        return row;
    }

    private track(type: OperationType, state: State, before?: State): Operation {
        const operation: Operation = {
            id: this.nextOperation++,
            type,
            state,
            text: JSON.stringify(this.encode(state, before)),
        };
        this.pending.set(operation.id, operation);
        return operation;
    }

    private decode(resource: EncodedResource): State {
        return decodeState(this.codec, resource, this.path);
    }

    private encode(state: State, before?: State): EncodedResource {
        return encodeState(this.codec, state, before);
    }

    /** Each resource after all that it needs. */
    ordered(): Row[] {
        return inDependencyOrder([...this.rows.values()], (row) => row.state);
    }

    /** Records what is about to be done; resolves when that is on disk. */
    async begin(type: OperationType, state: State, before?: State): Promise<Operation> {
        const operation = this.track(type, state, before);
        this.append(`{"begin":${operation.id},"type":"${type}","resource":${operation.text}}`);
        await this.journal.durable();
        return operation;
    }

    /** Records an outcome. After a crash all of it counts or nothing of it. @returns the rows of `put` */
    commit(change: Change): Row[] {
        const rows = (change.put ?? []).map(({ row, state }) => {
            const text = JSON.stringify(this.encode(state, row?.state));
            return row ? Object.assign(row, { state, text }) : this.addRow(state, text);
        });
        for (const row of change.drop ?? []) this.rows.delete(row.id);
        if (change.end) this.pending.delete(change.end.id);
        const parts = [
            ...(change.end ? [`"end":${change.end.id}`] : []),
            ...(rows.length ? [`"put":[${rows.map((row) => `[${row.id},${row.text}]`).join(",")}]`] : []),
            ...(change.drop?.length ? [`"drop":[${change.drop.map((row) => row.id).join(",")}]`] : []),
        ];
        this.append(`{${parts.join(",")}}`);
        if (this.journal.bytes > Math.max(COMPACT_BYTES, 2 * this.snapshotBytes)) {
            // Where that fails, the journal goes on, and the end of the run tries again and tells.
            this.compacting ??= this.compact().then(
                () => (this.compacting = undefined),
                () => undefined,
            );
        }
        return rows;
    }

    private append(line: string): void {
        // What a step that was given up on still has to say comes too late: the next run finds out what became of it.
        if (this.closed) return;
        this.dirty = true;
        this.journal.append(line);
    }

    /** Saves everything in the snapshot; a state in which nothing changed is not written. */
    async close(): Promise<void> {
        await this.compacting;
        if (this.dirty) await this.compact();
        this.closed = true;
        await this.journal.close();
        if (this.forgetWhenEmpty && this.rows.size === 0 && this.pending.size === 0) this.forget();
    }

    /**
     * Removes the files of a stack that is gone. The snapshot, which says that nothing is left, goes last, so that an interruption leaves
     * it true.
     */
    private forget(): void {
        for (const file of [this.journalPath, `${this.path}.bak`, this.path]) rmSync(file, { force: true });
    }

    /** Puts everything into the snapshot and starts a new journal. */
    private async compact(): Promise<void> {
        // What the journal could not take is in memory, so the snapshot may yet save it.
        while (this.journal.busy) await this.journal.idle();
        // From here to the end nothing may wait: no entry may come between the snapshot and the end of its journal.
        const rows = this.ordered();
        const texts = withCurrentUrns(rows.map((row) => row.state)).map((state, i) => {
            const row = rows[i]!;
            return state === row.state
                ? (row.text ?? JSON.stringify(this.encode(state)))
                : JSON.stringify(this.encode(state));
        });
        const pending = [...this.pending.values()];
        const operations = pending.map(({ type, text }) => `{"resource":${text},"type":"${type}"}`);
        const temporary = `${this.path}.tmp`;
        const { digest, bytes } = writing(this.path, () => {
            const written = writeTemporary(temporary, snapshotText(this.codec.salt, texts, operations));
            this.journal.markCompacted(written.digest);
            replaceWith(temporary, this.path);
            return written;
        });
        this.dirty = false;
        this.snapshotBytes = bytes;
        this.renumber(rows, pending);
        const old = this.journal;
        this.journal = new Journal(this.journalPath, digest);
        await old.remove();
    }

    private renumber(rows: Row[], pending: Operation[]): void {
        this.rows.clear();
        this.pending.clear();
        rows.forEach((row, id) => this.rows.set(id, Object.assign(row, { id })));
        pending.forEach((operation, id) => this.pending.set(id, Object.assign(operation, { id })));
        this.nextRow = rows.length;
        this.nextOperation = pending.length;
    }

    /** As `pulumi stack export`. */
    export(showSecrets: boolean): UntypedDeployment {
        const shown = (state: State): ResourceState => {
            const encoded = this.encode(state) as unknown as ResourceState;
            if (!showSecrets) return encoded;
            if (state.inputs) encoded.inputs = revealed(state.inputs);
            if (state.outputs) encoded.outputs = revealed(state.outputs);
            return encoded;
        };
        const deployment = deploymentHead(this.codec.salt);
        deployment.resources = withCurrentUrns(this.ordered().map((row) => row.state)).map(shown);
        deployment.pending_operations = [...this.pending.values()].map(({ state, type }) => ({
            resource: shown(state),
            type,
        }));
        return { version: 3, deployment };
    }

    /** Takes a deployment in the place of what is there. @throws Error when it is none, or its secrets cannot be read */
    async import(deployment: UntypedDeployment): Promise<void> {
        const { resources, pending, salt } = fromDeployment(deployment, "The deployment to import");
        const encrypted =
            JSON.stringify(resources).includes('"ciphertext"') || JSON.stringify(pending).includes('"ciphertext"');
        if (encrypted && salt && salt !== this.codec.salt)
            this.codec = new SecretCodec(await Crypter.open(this.options.passphrase, salt));
        this.renumber([], []);
        this.fill(resources, pending);
        this.dirty = true;
        await this.compact();
    }
}
