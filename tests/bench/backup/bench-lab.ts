/**
 * One Postgres, the toolbox and what it is compared with, in containers that share its files, its cores and a volume for what they write.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import recipe from "../../../images/base/recipe.json";
import { readAptSetup, sourcesFor } from "../../../packages/cli/src/images/apt";
import { Lab, must, PASSWORD } from "../../e2e/backup/support/lab";
import { PostgresLab } from "../../e2e/backup/support/postgres";
import { seconds } from "../row";
import { CLOCK_MODULE, clockAhead } from "./clock";

/** With the rivals' packages over the toolbox's: the same clients for all. */
const DOCKERFILE = `ARG PARENT
FROM $PARENT
ARG APT_SOURCES
ARG APT_CONF
USER 0:0
RUN apt-install pgbackrest zstd
`;

const TOOLBOX = "toolbox";
const RIVALS = "rivals";
const SHIPPER = "wal";

/** Where ours go; each of the toolbox's repositories is a folder of it. */
const REPOSITORY = "/repository";

export class BenchLab {
    readonly lab = new Lab();
    readonly postgres = new PostgresLab(this.lab);
    private clock = "";

    async open(): Promise<void> {
        const { lab, postgres } = this;
        await lab.open(["postgres-pgvector"]);
        // pgBackRest asks the server over its socket.
        const socket = ["-v", `${lab.volume("socket")}:/socket`];
        await lab.shell("chown 999:999 /socket", socket);
        await postgres.start(
            [
                ...["wal_level=replica", "max_wal_senders=4", "max_replication_slots=4", "max_slot_wal_keep_size=2GB"],
                ...["shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=1h", "maintenance_work_mem=256MB"],
                "unix_socket_directories=/socket,/var/run/postgresql",
            ],
            socket,
        );
        this.configure({ days: 30 });
        this.clock = lab.secret("clock.cjs", CLOCK_MODULE);
        const files = ["-v", `${lab.volume("pgdata")}:/stores/postgres`];
        await lab.shell("chown 999:999 /stores/postgres", files);
        await lab.background(SHIPPER, ["wal"], files);
        await this.idle(TOOLBOX, lab.toolbox, files);
        await this.idle(RIVALS, await this.rivalsImage(), [
            ...[...socket, "-v", `${lab.volume("pgdata")}:/data`, "-v", `${lab.volume("rivals")}:/rivals`],
            ...["-e", `PGPASSWORD=${PASSWORD}`],
            ...[
                "--user",
                "0:0",
                ...["CHOWN", "DAC_OVERRIDE", "FOWNER"].flatMap((one) => ["--cap-add", one]),
                "--tmpfs",
                "/var/lock",
                "--tmpfs",
                "/var/log",
            ],
        ]);
    }

    close(): Promise<void> {
        return this.lab.close();
    }

    /** @param retention of Postgres' backups */
    configure(retention: { days?: number; daily?: number; weekly?: number }): void {
        this.lab.config({
            stores: {
                postgres: this.postgres.store({
                    dataDirectory: "/stores/postgres/pgdata",
                    wal: { shipSeconds: 10 },
                    schedules: [
                        { name: "daily", cron: "0 2 * * *", kind: "logical" },
                        { name: "hourly", cron: "30 * * * *", kind: "incremental" },
                        { name: "weekly-full", cron: "0 3 * * 0", kind: "full" },
                    ],
                    retention,
                }),
            },
        });
    }

    /** Nothing is backed up any more, and the log is shipped from here on. */
    async startOver(): Promise<void> {
        await this.lab.stop(this.lab.container(SHIPPER));
        await this.lab.exec(TOOLBOX, ["sh", "-c", `rm -rf ${REPOSITORY}/* /var/lib/groundwork-backup/restic-cache-*`]);
        await must("docker", ["start", this.lab.container(SHIPPER)]);
    }

    /** Seconds that `backup …` takes; its container is there already, as the scheduler's is. */
    backup(...args: string[]): Promise<number> {
        return seconds(() => this.lab.exec(TOOLBOX, ["backup", ...args]));
    }

    /** The same so many days later, as its clock says. */
    async backupOn(day: number, ...args: string[]): Promise<void> {
        await this.lab.exec(TOOLBOX, ["env", ...clockAhead(this.clock, day), "backup", ...args]);
    }

    /** When each of the backups that there are was begun, in milliseconds, the newest first. */
    async backupTimes(): Promise<number[]> {
        const listed = await this.lab.exec(TOOLBOX, ["backup", "list"]);
        return listed
            .split("\n")
            .filter(Boolean)
            .map((line) => Date.parse(line.split(" ")[0]!));
    }

    /** Bytes that ours take, or one of its repositories does. */
    async stored(folder = ""): Promise<number> {
        return Number((await this.lab.exec(TOOLBOX, ["du", "-sb", REPOSITORY + folder])).split("\t")[0]);
    }

    /** Seconds that a shell script takes beside Postgres, and what it printed. */
    async rival(script: string): Promise<{ took: number; said: string }> {
        let said = "";
        const took = await seconds(async () => {
            said = await this.lab.exec(RIVALS, ["bash", "-euo", "pipefail", "-c", script]);
        });
        return { took, said };
    }

    /** Nothing that was just written is still to be written. */
    async settle(): Promise<void> {
        await promisify(execFile)("sync");
    }

    private async idle(name: string, image: string, options: string[]): Promise<void> {
        const { lab } = this;
        const args = ["--entrypoint", "sleep", ...lab.toolboxArgs(options), image, "infinity"];
        await must("docker", ["run", "-d", "--name", lab.container(name), ...args]);
    }

    private async rivalsImage(): Promise<string> {
        const apt = await readAptSetup();
        const args = [
            `PARENT=${this.lab.toolbox}`,
            `APT_CONF=${apt.conf}`,
            `APT_SOURCES=${sourcesFor(apt, recipe.suite, recipe.components)}`,
        ].flatMap((each) => ["--build-arg", each]);
        return (await must("docker", ["build", "--network", "host", "--quiet", ...args, "-"], DOCKERFILE)).trim();
    }
}
