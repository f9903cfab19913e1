/**
 * Builds the stand-ins of `images/` on a Docker engine.
 *
 * An image's name holds the hash of its sources (`images/local.ts`), so what exists is not built again. Images of one folder are built
 * one after the other, because the first leaves the layers that the others share; folders are built side by side.
 */
import { join } from "node:path";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import type Docker from "dockerode";
import pLimit from "p-limit";

import { IMAGES_ROOT, type LocalImage, LocalImages } from "../../../../images/local";
import recipe from "../../../../images/base/recipe.json";
import { type AptSetup, readAptSetup, sourcesFor } from "./apt";
import { buildContext } from "./context";
import { ensureRootfs } from "./rootfs";

interface BuildOptions {
    docker: Docker;
    /** Called with one line per step. */
    log: (line: string) => void;
    /** Stops before the next step, and the running ones where the engine can. */
    signal?: AbortSignal;
    /** Most folders at once; default 3. */
    parallel?: number;
    /** Folder of the Dockerfiles; default: this repository's. */
    root?: string;
}

interface BuildReport {
    /** References of all images asked for. */
    refs: string[];
    /** References of those that had to be built. */
    built: string[];
    seconds: number;
}

/** A build that failed, with the end of its log. */
class ImageBuildError extends Error {
    constructor(
        readonly image: string,
        reason: string,
        readonly lastLines: string[],
    ) {
        super([`building ${image} failed: ${reason}`, ...lastLines.map((line) => `    ${line}`)].join("\n"));
        this.name = "ImageBuildError";
    }
}

/**
 * Builds the images of these catalog keys that the engine does not have, and what they build on.
 * @throws ImageBuildError with the last lines of the log of the build that failed.
 */
export async function buildLocalImages(keys: string[], options: BuildOptions): Promise<BuildReport> {
    const start = performance.now();
    const root = options.root ?? IMAGES_ROOT;
    const images = new LocalImages(root);
    const wanted = [...new Set(keys)].map((key) => images.get(key));
    const present = await listPresent(options.docker);
    const missing = withParents(wanted, images).filter((image) => !present.has(image.ref));
    if (missing.length > 0) {
        options.log(`images: building ${missing.map((image) => image.key).join(", ")}`);
        await new Build(missing, present, images, root, options).run();
    }
    const seconds = (performance.now() - start) / 1000;
    return { refs: wanted.map((image) => image.ref), built: missing.map((image) => image.ref), seconds };
}

/** The images and all that they build on. */
function withParents(images: LocalImage[], all: LocalImages): LocalImage[] {
    const found = new Map<string, LocalImage>();
    const add = (image: LocalImage): void => {
        if (found.has(image.ref)) return;
        if (image.parent !== undefined) add(all.get(image.parent));
        found.set(image.ref, image);
    };
    images.forEach(add);
    return [...found.values()];
}

async function listPresent(docker: Docker): Promise<Set<string>> {
    const images = await docker.listImages({ filters: { reference: ["groundwork.local/*"] } });
    return new Set(images.flatMap((image) => image.RepoTags ?? []));
}

/** One run over the missing images. */
class Build {
    private readonly folders = new Map<string, Promise<void>>();
    private readonly limit;
    private apt!: AptSetup;
    private arch!: string;
    /** Set by the first failure, so that nothing new starts after it. */
    private failed = false;

    constructor(
        private readonly missing: LocalImage[],
        /** References that the engine has; grows as images are built. */
        private readonly present: Set<string>,
        private readonly images: LocalImages,
        private readonly root: string,
        private readonly options: BuildOptions,
    ) {
        this.limit = pLimit(options.parallel ?? 3);
    }

    async run(): Promise<void> {
        [this.apt, this.arch] = await Promise.all([readAptSetup(), nodeArchitecture(this.options.docker)]);
        const names = new Set(this.missing.map((image) => image.folder));
        const results = await Promise.allSettled([...names].map((name) => this.folder(name)));
        // The cause, rather than an image that could not start because of it.
        const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
        if (errors.length > 0) throw errors.find((error) => error instanceof ImageBuildError) ?? errors[0]!;
    }

    /** Builds a folder's missing images, after those of the folder that it builds on. */
    private folder(name: string): Promise<void> {
        const running = this.folders.get(name);
        if (running) return running;
        const started = this.buildFolder(name);
        this.folders.set(name, started);
        return started;
    }

    private async buildFolder(name: string): Promise<void> {
        const images = this.missing.filter((image) => image.folder === name);
        const parent = images[0]?.parent;
        if (parent !== undefined) await this.folder(parent);
        await this.limit(async () => {
            for (const image of images) {
                if (this.failed) return;
                this.options.signal?.throwIfAborted();
                try {
                    if (!(await this.tagTwin(image))) await this.image(image);
                    this.present.add(image.ref);
                } catch (error) {
                    this.failed = true;
                    throw error;
                }
            }
        });
    }

    /** Two keys of the catalog may name the same image: then it only gets the other name too. */
    private async tagTwin({ ref }: LocalImage): Promise<boolean> {
        const [repo, digest] = ref.split(":") as [string, string];
        const twin = [...this.present].find((other) => other.endsWith(`:${digest}`));
        if (twin === undefined) return false;
        await this.options.docker.getImage(twin).tag({ repo, tag: digest });
        this.options.log(`images: ${ref} is ${twin}`);
        return true;
    }

    private async image(image: LocalImage): Promise<void> {
        const { docker, log, signal } = this.options;
        const start = performance.now();
        const { apt } = this;
        const directory = join(this.root, image.folder);
        const parent =
            image.parent === undefined
                ? await ensureRootfs({ docker, apt, directory, log, signal })
                : this.images.get(image.parent).ref;
        const buildargs = {
            ...image.buildArgs,
            ...apt.proxies,
            PARENT: parent,
            ...(image.parent === undefined
                ? {}
                : { APT_CONF: apt.conf, APT_SOURCES: sourcesFor(apt, recipe.suite, recipe.components) }),
        };
        const stream = await docker.buildImage(await buildContext(directory, this.arch), {
            t: image.ref,
            buildargs,
            // The host's network, so that a proxy or a name server on its loopback can be reached.
            networkmode: "host",
            labels: { "groundwork.image": image.key },
            forcerm: true,
            abortSignal: signal,
        });
        await followBuild(image.ref, stream as Readable);
        log(`images: ${image.ref} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    }
}

interface Progress {
    stream?: string;
    error?: string;
}

/** Reads a build's progress to its end; throws with its last lines if it fails. */
async function followBuild(ref: string, stream: Readable): Promise<void> {
    const lines: string[] = [];
    let error: string | undefined;
    let rest = "";
    for await (const chunk of stream) {
        const texts = (rest + String(chunk)).split("\n");
        rest = texts.pop() ?? "";
        for (const text of texts) {
            if (text.trim() === "") continue;
            const progress = JSON.parse(text) as Progress;
            // The engine paints what a step writes to standard error.
            const output = stripVTControlCharacters(progress.stream ?? "");
            lines.push(...output.split("\n").filter((line) => line.trim() !== ""));
            error ??= progress.error;
        }
        lines.splice(0, lines.length - 20);
    }
    if (error !== undefined) throw new ImageBuildError(ref, error, lines);
}

/** Node's name of the engine's architecture, which may be another machine's. */
async function nodeArchitecture(docker: Docker): Promise<string> {
    const { Architecture } = (await docker.info()) as { Architecture: string };
    return { x86_64: "x64", aarch64: "arm64" }[Architecture] ?? Architecture;
}
