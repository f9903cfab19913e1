/** Redis: its own dump, checked and counted; a restore makes the folder that a server with or without append-only files starts from. */
import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import type { RedisConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import { compareContents, type Contents, type Manifest } from "../../manifest";
import { run } from "../../process";
import type {
    Captured,
    Context,
    Plan,
    Proven,
    Restored,
    RestoreContext,
    RestoreRequest,
    Sink,
    Source,
} from "../driver";
import { secretOf } from "../../secret";
import { VolumeDriver } from "../volume/driver";
import type { Exchange } from "../volume/exchange";
import { expectStopped, placeFor, prepareOnVolume, requireDirectory, writableFolder } from "../volume/restore";
import { readDump } from "./contents";

const DUMP = "dump.rdb";
const APPEND_ONLY = "appendonlydir";
const CANARY_KEY = "groundwork:backup:canary";
const CANARY_SECONDS = 2 * 24 * 3600;

const failure = { exit: EXIT.store, remedy: "Look whether Redis runs and answers (gw status, gw logs redis)." };

/** Where a network drops what is for a server that is stopped, the system would wait for minutes. */
const CONNECT_SECONDS = "5";

export class RedisDriver extends VolumeDriver<RedisConfig> {
    readonly preferredMethod = "snapshot";

    async capture(_kind: unknown, sink: Sink, { scratch }: Context): Promise<Captured> {
        const versions = await this.versions();
        const canary = randomUUID();
        await this.ask("SET", CANARY_KEY, canary, "EX", String(CANARY_SECONDS));
        const pointAt = new Date();
        const directory = join(scratch, "capture");
        mkdirSync(directory);
        const dump = join(directory, DUMP);
        await this.cli(["--rdb", dump]);
        await checkDump(dump);
        const { contents, value } = await readDump(directory, join(scratch, "count"), { key: CANARY_KEY });
        if (value !== canary) throw canaryMissing();
        await sink.file(DUMP, dump);
        return { pointAt, versions, contents, canary };
    }

    plan(_manifest: Manifest, { into }: RestoreRequest): Plan {
        const place = this.place(into);
        const steps = [
            `write the dump to ${place}, load it into a server of the toolbox's own, and compare its keys with the manifest`,
        ];
        if (into) return { steps, stops: false };
        return {
            steps: [
                ...steps,
                "with Redis stopped: move the old dump and append-only files aside and these in; it can be undone",
            ],
            stops: true,
        };
    }

    async restore(source: Source, { into }: RestoreRequest, context: RestoreContext): Promise<Restored> {
        const staged = join(context.scratch, "staged");
        await this.stage(source, staged, context);
        const volume = this.place(into);
        if (into) {
            cpSync(staged, writableFolder(volume), { recursive: true });
            return { state: "beside", summary: [`the dump and append-only files are in ${volume}, proven`], data: {} };
        }
        const fill = async ({ incoming }: Exchange) => cpSync(staged, incoming, { recursive: true });
        return prepareOnVolume(this.name, { volume, replaces: [DUMP, APPEND_ONLY], fill }, context);
    }

    private place(into: string | undefined): string {
        if (into !== undefined && isAbsolute(into)) return into;
        const volume = requireDirectory(this.name, this.config.dataDirectory);
        return into === undefined ? volume : placeFor(into, volume);
    }

    async prove(source: Source, context: Context): Promise<Proven> {
        return { contents: await this.stage(source, join(context.scratch, "staged"), context) };
    }

    /**
     * What a server starts from: the dump, and the same as the base of the append-only files, since with those it does not read the dump.
     */
    private async stage(source: Source, staged: string, { scratch }: Context): Promise<Contents> {
        const dump = await source.fetch(DUMP, staged);
        await checkDump(dump);
        const directory = join(staged, APPEND_ONLY);
        mkdirSync(directory);
        cpSync(dump, join(directory, "appendonly.aof.1.base.rdb"));
        writeFileSync(join(directory, "appendonly.aof.manifest"), "file appendonly.aof.1.base.rdb seq 1 type b\n");
        // A copy of it, because a server that starts writes there.
        const copy = join(scratch, "proof");
        cpSync(staged, copy, { recursive: true });
        // The digest is over the canary too.
        const { contents: found } = await readDump(copy, join(scratch, "count"), { appendOnly: true });
        const differences = compareContents(source.manifest.contents, found);
        if (differences.length === 0) return found;
        throw new BackupError(["what was restored is not what was backed up:", ...differences].join("\n    "), {
            exit: EXIT.verification,
            remedy: "The live data is untouched. Restore an older backup (backup list).",
        });
    }

    /** An older server's dump loads in a newer one, not the other way round. */
    private async versions(): Promise<Record<string, string>> {
        const server = /^redis_version:(\S+)/m.exec(await this.ask("INFO", "server"))?.[1] ?? "unknown";
        const { stdout } = await run("redis-server", ["--version"], failure);
        const own = /v=(\S+)/.exec(stdout)?.[1] ?? "unknown";
        if (Number.parseInt(server, 10) > Number.parseInt(own, 10)) {
            throw new BackupError(
                `the server is Redis ${server} and this image has ${own}: its dump could not be checked`,
                {
                    exit: EXIT.store,
                    remedy: `Use a toolbox image with Redis ${server} or newer (packages/backup/Dockerfile).`,
                },
            );
        }
        return { server, redis: own };
    }

    protected override expectStopped(): Promise<void> {
        return expectStopped(this.name, async () => {
            try {
                await this.ask("PING");
                return true;
            } catch (error) {
                // Whoever says that the password is wrong is there.
                return !/Could not connect|Connection refused|Name or service/i.test((error as Error).message);
            }
        });
    }

    private async ask(...command: string[]): Promise<string> {
        return (await this.cli(["-e", ...command])).trim();
    }

    private async cli(args: string[]): Promise<string> {
        const { host, port, passwordFile } = this.config;
        const env = passwordFile ? { REDISCLI_AUTH: secretOf(passwordFile) } : undefined;
        const { stdout, stderr } = await run(
            "redis-cli",
            ["-h", host, "-p", String(port), "-t", CONNECT_SECONDS, "--no-auth-warning", ...args],
            failure,
            { env },
        );
        // `--rdb` and a refused password are told of, and not by the exit code.
        if (/AUTH failed|NOAUTH|WRONGPASS/.test(stdout + stderr)) {
            throw new BackupError(`Redis refuses the password: ${(stdout + stderr).trim()}`, {
                exit: EXIT.store,
                remedy: "The password file does not fit the server's: `gw up` writes both.",
            });
        }
        return stdout;
    }
}

function canaryMissing(): BackupError {
    return new BackupError(`the dump has not the ${CANARY_KEY} that was written just before it`, {
        exit: EXIT.verification,
        remedy: "Run again: it may have been flushed or evicted at that moment. If it stays so, one server takes what is written and another one gives the dump: name the first one as host.",
    });
}

async function checkDump(file: string): Promise<void> {
    await run("redis-check-rdb", [file], {
        exit: EXIT.verification,
        remedy: "The dump is short or damaged: look at the server's log and disk, and run again.",
    });
}
