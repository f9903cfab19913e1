/** Real stores and the real toolbox in containers of this tree's images, on a network and volumes of one test file. */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { localImageRef } from "../../../../images/local";
import type { BackupConfigInput } from "../../../../packages/backup/src/config";
import { buildLocalImages } from "../../../../packages/cli/src/images/build";
import { docker } from "../../docker/support/inventory";
import { waitFor } from "../../support/wait";
import { startBucket } from "./bucket";

export interface Outcome {
    code: number;
    stdout: string;
    stderr: string;
}

/** Runs a program, and answers whatever its exit code is. */
export function exec(command: string, args: string[], input?: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
        const child = execFile(command, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
            const code = error === null ? 0 : error.code;
            if (typeof code === "number") resolve({ code, stdout, stderr });
            else if (error?.killed || error?.signal) resolve({ code: 137, stdout, stderr });
            else reject(error ?? new Error("no exit code"));
        });
        // What ends before it has read is told of by its exit code.
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(input ?? "");
    });
}

/** The same, and a failure fails the test. */
export async function must(command: string, args: string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await exec(command, args, input);
    if (code !== 0)
        throw new Error(`${command} ${args.slice(0, 4).join(" ")} … ended with ${code}:\n${stderr}\n${stdout}`);
    return stdout;
}

export const PASSWORD = "lab-password";

const MOUNTED = "/lab";

export class Lab {
    readonly name = `gw-lab-${randomBytes(3).toString("hex")}`;
    /** Secrets and the configuration, mounted into each toolbox. */
    readonly directory = mkdtempSync(join(tmpdir(), "gw-lab-"));
    /** The toolbox' image. */
    toolbox = "";
    private readonly volumes = new Set<string>();
    private repository: BackupConfigInput["repository"] = {
        kind: "directory",
        path: "/repository",
        passwordFile: `${MOUNTED}/secrets/repository-password`,
    };

    /** Builds what is not there, and makes the network. `images` are keys of the catalog. */
    async open(images: string[]): Promise<void> {
        const { refs } = await buildLocalImages(["backup", ...images], { docker, log: () => undefined });
        this.toolbox = refs[0]!;
        await must("docker", ["network", "create", this.name]);
        chmodSync(this.directory, 0o755);
        this.secret("repository-password", "a password of the repository");
        this.secret("store-password", PASSWORD);
        await this.shell("chown 999:999 /repository");
    }

    async close(): Promise<void> {
        const ids = (await must("docker", ["ps", "-aq", "--filter", `label=gw-lab=${this.name}`]))
            .split("\n")
            .filter(Boolean);
        if (ids.length > 0) await must("docker", ["rm", "-f", "-v", ...ids]);
        for (const volume of this.volumes) await must("docker", ["volume", "rm", "-f", volume]);
        await must("docker", ["network", "rm", this.name]);
        rmSync(this.directory, { recursive: true, force: true });
    }

    /** Path of a secret inside of a toolbox. */
    secret(name: string, content: string): string {
        mkdirSync(join(this.directory, "secrets"), { recursive: true });
        writeFileSync(join(this.directory, "secrets", name), content, { mode: 0o644 });
        return `${MOUNTED}/secrets/${name}`;
    }

    volume(name: string): string {
        const full = `${this.name}-${name}`;
        this.volumes.add(full);
        return full;
    }

    /** Name of a container. */
    container(name: string): string {
        return `${this.name}-${name}`;
    }

    /** Backups go to a bucket from here on, with an identity that may write and one that may remove as well. */
    async useBucket(): Promise<void> {
        this.repository = await startBucket(this);
    }

    /** A store's server, reachable by `name` on the network. */
    async server(name: string, image: string, options: string[], args: string[] = []): Promise<void> {
        await must("docker", [
            ...["run", "-d", "--name", this.container(name), "--label", `gw-lab=${this.name}`],
            ...["--network", this.name, "--network-alias", name, ...options, localImageRef(image), ...args],
        ]);
    }

    /** Runs in a server's container, as its user. */
    exec(name: string, command: string[], input?: string): Promise<string> {
        return must("docker", ["exec", "-i", this.container(name), ...command], input);
    }

    /** Until a command in a server's container succeeds. */
    async ready(name: string, command: string[], seconds = 300): Promise<void> {
        const isReady = () => this.exec(name, command).then(() => true);
        await waitFor(isReady, { what: `a ready ${name}`, seconds });
    }

    config(config: Partial<BackupConfigInput> & Pick<BackupConfigInput, "stores">): BackupConfigInput {
        const whole: BackupConfigInput = {
            version: 1,
            stack: "lab-dev",
            system: "lab",
            release: "1.0.0",
            repository: this.repository,
            ...config,
        };
        writeFileSync(join(this.directory, "config.json"), JSON.stringify(whole));
        return whole;
    }

    /** Arguments of `docker run` for a toolbox: its network, state, repository and what else is mounted. */
    toolboxArgs(options: string[] = []): string[] {
        return [
            ...["--label", `gw-lab=${this.name}`, "--network", this.name, "--hostname", "toolbox"],
            ...["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"],
            ...[
                "-v",
                `${this.volume("state")}:/var/lib/groundwork-backup`,
                "-v",
                `${this.volume("repository")}:/repository`,
            ],
            ...["-v", `${this.directory}:${MOUNTED}:ro`, "-e", `GROUNDWORK_BACKUP_CONFIG=${MOUNTED}/config.json`],
            ...options,
        ];
    }

    /** `backup …` in a fresh container, as the stores' user. */
    backup(args: string[], options: string[] = []): Promise<Outcome> {
        return exec("docker", ["run", "--rm", ...this.toolboxArgs(options), this.toolbox, ...args]);
    }

    /** The same, and a failure fails the test with what it said. */
    async mustBackup(args: string[], options: string[] = []): Promise<string> {
        const { code, stdout, stderr } = await this.backup(args, options);
        if (code !== 0) throw new Error(`backup ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
        return stdout;
    }

    /** A toolbox that goes on running; `docker rm -f` of its name ends it. */
    async background(name: string, args: string[], options: string[] = []): Promise<string> {
        const container = this.container(name);
        await must("docker", ["run", "-d", "--name", container, ...this.toolboxArgs(options), this.toolbox, ...args]);
        return container;
    }

    /** Ends a container as `docker stop` does. */
    async stop(container: string): Promise<void> {
        await must("docker", ["stop", "--time", "60", container]);
    }

    /** restic itself on the repository, with the identity that may remove: to look into it, and to make it older than it is. */
    restic(args: string[]): Promise<string> {
        const { repository } = this;
        const environment = {
            RESTIC_PASSWORD_FILE: repository.passwordFile,
            ...(repository.kind === "directory"
                ? { RESTIC_REPOSITORY: `${repository.path}/stores` }
                : {
                      RESTIC_REPOSITORY: `s3:${repository.endpoint}/${repository.bucket}/${repository.prefix}/stores`,
                      AWS_SHARED_CREDENTIALS_FILE: repository.pruneCredentialsFile!,
                  }),
        };
        const env = Object.entries(environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
        return must("docker", [
            ...["run", "--rm", ...this.toolboxArgs(env), "--entrypoint", "restic", this.toolbox],
            ...["--no-cache", "--quiet", ...args],
        ]);
    }

    /** Makes a backup so many days older than it is. */
    async age(id: string, days: number): Promise<void> {
        const snapshots = JSON.parse(await this.restic(["snapshots", "--json", "--tag", `id:${id}`])) as {
            id: string;
            tags: string[];
        }[];
        const at = new Date(Date.now() - days * 24 * 3_600_000).toISOString();
        for (const { id: snapshot, tags } of snapshots) {
            const older = tags.map((tag) => (tag.startsWith("at:") ? `at:${at}` : tag));
            await this.restic(["tag", "--set", older.join(","), snapshot]);
        }
    }

    /** A shell in a toolbox, as root, with the lab's volumes: to damage things, and to look at them. */
    shell(script: string, options: string[] = []): Promise<string> {
        const args = [
            "run",
            "--rm",
            "-i",
            "--user",
            "0:0",
            "--cap-add",
            "CHOWN",
            "--cap-add",
            "DAC_OVERRIDE",
            "--cap-add",
            "FOWNER",
            "--entrypoint",
            "bash",
        ];
        return must("docker", [...args, ...this.toolboxArgs(options), this.toolbox, "-ec", script]);
    }
}

/** Starts something that may fail, and does not wait for it. */
export function detached(command: string, args: string[]): { kill(): void; done: Promise<number> } {
    const child = spawn(command, args, { stdio: "ignore" });
    return {
        kill: () => void child.kill("SIGKILL"),
        done: new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 137))),
    };
}
