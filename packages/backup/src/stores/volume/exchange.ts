/**
 * Restored files in the place of live ones, on the volume itself. The live folder is a mount point and cannot be renamed, so its entries
 * are moved one after another, by a journal on the same volume: whatever moment it is interrupted at, the same call goes on from there.
 */
import {
    closeSync,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { BackupError, EXIT } from "../../errors";

/** On the volume, beside the live entries; never backed up. */
export const ASIDE = ".groundwork-restore";

/** Says whom the Docker target gave the volume to: root's own, and the volume's rather than its data's. */
const OWNER_MARK = ".groundwork-owner";

/** What of a volume is no data: neither backed up nor moved. */
export const NOT_DATA = [ASIDE, OWNER_MARK, "lost+found"];

interface Journal {
    /** `staged`: nothing is moved. `leaving`: live entries go aside. `arriving`: restored ones come. `done`. */
    phase: "staged" | "leaving" | "arriving" | "done";
    /** Names of entries that the restore replaces; absent: whatever is there. */
    replaces?: string[];
    /** Those of them that there were when the swap began: what came since the restore was prepared must leave too. */
    live: string[];
    restored: string[];
}

/** One exchange on a volume: `<volume>/.groundwork-restore/<id>/{incoming,before,journal.json}`. */
export class Exchange {
    private readonly directory: string;

    constructor(
        private readonly volume: string,
        readonly id: string,
    ) {
        this.directory = join(volume, ASIDE, id);
    }

    /** Where the restored entries are made, on the same file system. @throws BackupError when the volume cannot be written */
    prepare(): string {
        try {
            mkdirSync(this.incoming, { recursive: true, mode: 0o700 });
        } catch (error) {
            throw new BackupError(`${this.volume} cannot be written: ${(error as Error).message}`, {
                exit: EXIT.store,
                remedy: "A restore needs the store's volume writable, in a container of its owner: `gw restore` starts one.",
            });
        }
        return this.incoming;
    }

    get incoming(): string {
        return join(this.directory, "incoming");
    }

    get before(): string {
        return join(this.directory, "before");
    }

    /** Takes a folder on the same volume for the restored entries. */
    adopt(folder: string): void {
        rmSync(this.incoming, { recursive: true, force: true });
        renameSync(folder, this.incoming);
    }

    /** A folder on the volume that is this restore's own. */
    get workspace(): string {
        return this.directory;
    }

    /** Everything is in `incoming`. @param replaces names of the live entries that leave; default: all */
    stage(replaces?: string[]): void {
        this.write({ phase: "staged", replaces, live: [], restored: readdirSync(this.incoming) });
    }

    /** Moves the live entries aside and the restored ones in. */
    swap(): void {
        let journal = this.read();
        const enter = (change: Partial<Journal>): void => this.write((journal = { ...journal, ...change }));
        if (journal.phase === "staged") enter({ phase: "leaving", live: this.leaving(journal) });
        if (journal.phase === "leaving") {
            this.move(journal.live, this.volume, this.before);
            enter({ phase: "arriving" });
        }
        if (journal.phase === "arriving") {
            this.move(journal.restored, this.incoming, this.volume);
            enter({ phase: "done" });
        }
    }

    private leaving({ replaces }: Journal): string[] {
        return readdirSync(this.volume).filter(
            (name) => !NOT_DATA.includes(name) && (replaces?.includes(name) ?? true),
        );
    }

    /** The same the other way round, as an exchange of its own; what had been restored is kept in it. */
    undo(id: string): Exchange {
        // Half of it cannot be taken back.
        this.swap();
        const back = new Exchange(this.volume, id);
        if (!existsSync(join(back.directory, "journal.json"))) {
            back.prepare();
            const { live, replaces } = this.read();
            this.move(live, this.before, back.incoming);
            back.write({ phase: "staged", replaces, live: [], restored: live });
        }
        back.swap();
        return back;
    }

    /** Whether any live entry may have been moved. */
    get begun(): boolean {
        return existsSync(join(this.directory, "journal.json")) && this.read().phase !== "staged";
    }

    /** For a restore that was given up before its swap. */
    discard(): void {
        if (this.begun) {
            throw new BackupError(`the restore ${this.id} is half done`, {
                exit: EXIT.store,
                remedy: "Finish it: backup restore --swap",
            });
        }
        rmSync(this.directory, { recursive: true, force: true });
    }

    /** Removes what is kept of an exchange that is over. */
    clear(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }

    /** It has been begun and not ended. */
    get isHalfDone(): boolean {
        return this.begun && this.read().phase !== "done";
    }

    /** What has been moved already is where it belongs. */
    private move(names: string[], from: string, to: string): void {
        mkdirSync(to, { recursive: true });
        for (const name of names) {
            if (existsSync(join(from, name))) renameSync(join(from, name), join(to, name));
        }
        flush(from);
        flush(to);
    }

    private read(): Journal {
        try {
            return JSON.parse(readFileSync(join(this.directory, "journal.json"), "utf8")) as Journal;
        } catch (error) {
            throw new BackupError(
                `the prepared restore ${this.id} is not on ${this.volume}: ${(error as Error).message}`,
                { exit: EXIT.store, remedy: "Prepare it again: backup restore" },
            );
        }
    }

    private write(journal: Journal): void {
        const file = join(this.directory, "journal.json");
        const handle = openSync(`${file}.new`, "w");
        writeFileSync(handle, JSON.stringify(journal));
        fsyncSync(handle);
        closeSync(handle);
        renameSync(`${file}.new`, file);
        flush(this.directory);
    }
}

/** So that a crash of the machine does not turn the order around. */
function flush(directory: string): void {
    const handle = openSync(directory, "r");
    fsyncSync(handle);
    closeSync(handle);
}
