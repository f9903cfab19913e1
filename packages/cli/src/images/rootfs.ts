/** The Debian system under all local images: made with debootstrap, or taken from a registry. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

import type Docker from "dockerode";

import { LOCAL_PREFIX } from "../../../../images/local";
import { followProgress, hasImage, pullImage } from "../docker/images";
import { runProcess } from "../process";
import { type AptSetup, sourcesFor } from "./apt";

interface Recipe {
    suite: string;
    variant: string;
    components: string[];
    include: string[];
    registryImage: string;
}

interface RootfsOptions {
    docker: Docker;
    apt: AptSetup;
    /** `images/base`. */
    directory: string;
    log: (line: string) => void;
    signal?: AbortSignal;
}

/** Left out of the image: caches, and documentation that no container reads. */
const EXCLUDED = [
    "./var/cache/apt/*",
    "./var/lib/apt/lists/*",
    "./var/log/*",
    "./usr/share/doc/*",
    "./usr/share/man/*",
    "./usr/share/info/*",
    "./usr/share/locale/*",
    "./dev/*",
];

/**
 * Reference of the image that `images/base/Dockerfile` starts from; made when it is not there.
 * @throws when debootstrap cannot run here and no registry answers, saying what to install.
 */
export async function ensureRootfs(options: RootfsOptions): Promise<string> {
    const text = await readFile(join(options.directory, "recipe.json"), "utf8");
    const recipe = JSON.parse(text) as Recipe;
    const tag = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const ref = `${LOCAL_PREFIX}rootfs:${tag}`;
    if (await hasImage(options.docker, ref)) return ref;
    const obstacle = await debootstrapObstacle();
    if (obstacle === undefined) {
        await debootstrap(recipe, ref, options);
        return ref;
    }
    if (await hasImage(options.docker, recipe.registryImage)) return recipe.registryImage;
    options.log(`base: ${obstacle}; pulling ${recipe.registryImage}`);
    await pullImage(options.docker, recipe.registryImage).catch((error: Error) => {
        throw new Error(
            `cannot make the base image: ${obstacle}, and ${recipe.registryImage} cannot be pulled (${error.message}). ` +
                "Run as root with the package debootstrap installed, or give the Docker engine a registry.",
        );
    });
    return recipe.registryImage;
}

async function debootstrapObstacle(): Promise<string | undefined> {
    if (process.platform !== "linux") return "debootstrap needs Linux";
    if (process.getuid?.() !== 0) return "debootstrap needs root";
    const { failed } = await runProcess("debootstrap", ["--version"]);
    return failed ? "debootstrap is not installed" : undefined;
}

async function debootstrap(recipe: Recipe, ref: string, options: RootfsOptions): Promise<void> {
    const { apt, docker, log, signal } = options;
    // Not in /tmp when that is a small tmpfs with nodev: /var/tmp is on disk.
    const directory = await mkdtemp(join(process.env.TMPDIR ?? "/var/tmp", "groundwork-rootfs-"));
    const root = join(directory, "root");
    try {
        log(`base: debootstrap ${recipe.suite} from ${apt.mirror}`);
        const args = [
            `--variant=${recipe.variant}`,
            `--components=${recipe.components.join(",")}`,
            `--include=${recipe.include.join(",")}`,
            recipe.suite,
            root,
            apt.mirror,
        ];
        const { failed, stdout, problem } = await runProcess("debootstrap", args, { env: apt.proxies, signal });
        if (failed) {
            const last = `${stdout}\n${problem}`.trim().split("\n").slice(-15).join("\n");
            throw new Error(`debootstrap ${recipe.suite} failed:\n${last}`);
        }
        await rm(join(root, "etc/apt/sources.list"), { force: true });
        const sources = sourcesFor(apt, recipe.suite, recipe.components);
        await writeFile(join(root, "etc/apt/sources.list.d/debian.sources"), sources);
        log("base: importing into Docker");
        await importRootfs(docker, root, ref);
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}

export async function importRootfs(docker: Docker, root: string, ref: string): Promise<void> {
    const [repo, tag] = ref.split(":");
    const excludes = EXCLUDED.map((pattern) => `--exclude=${pattern}`);
    const tar = spawn("tar", ["--create", "--numeric-owner", "--xattrs", ...excludes, "."], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(tar, "exit");
    // It may fail before anybody waits for it.
    exited.catch(() => undefined);
    try {
        // The client's types know of file names only; it takes a stream as well.
        const stream = await docker.importImage(
            tar.stdout as unknown as string,
            {
                repo,
                tag,
                changes: ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["bash"]'],
            } as object,
        );
        await followProgress(docker, stream as unknown as Readable);
        const [code] = (await exited) as [number | null];
        if (code !== 0) throw new Error(`tar of ${root} ended with ${code}`);
    } finally {
        // Nobody reads what it has left when the import has failed, and it would wait for that for ever.
        tar.kill();
    }
}
