/** Which images a stack gets: those of a registry, or stand-ins, and how that was decided. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";

import { imageReference } from "../../../../components/images";
import type { StackConfig } from "../../../../config/types";
import { localImageRef, LOCAL_PREFIX } from "../../../../images/local";
import { imageKeys, type System } from "../../../../systems/types";
import { hasImage } from "../docker/images";
import { askRegistry } from "../docker/registry";
import { UsageError } from "../errors";
import { makeDirectory, writeWhole } from "../files";
import type { ImagesMode } from "../options";
import type { Project } from "../project";
import type { ConfigOverrides } from "../stack/config";

export interface ImageChoice {
    /** Nothing: what the stack's file says. */
    override?: NonNullable<ConfigOverrides["images"]>;
    /** Catalog keys that run as stand-ins though a registry was asked. */
    standIns: string[];
    /** For people, when there was something to decide. */
    reason?: string;
}

/** The image that a stack has for a key of the catalog. */
export function imageOf(key: string, { images }: Pick<StackConfig, "images">): string {
    return imageReference(key, images, localImageRef);
}

/** The mode that applies without `--images`: what the file says, else auto in dev. `images` is the text of `groundwork:images`. */
export function defaultMode(images: string | undefined, environment: string): ImagesMode | undefined {
    const said = images?.startsWith("{") && "source" in (JSON.parse(images) as object);
    return said || environment !== "dev" ? undefined : "auto";
}

/** @throws UsageError when a stack outside of dev asks to fall back */
export async function chooseImages(
    mode: ImagesMode | undefined,
    stack: { name: string; config: StackConfig; system: System; project: Project },
    docker: () => Promise<Docker>,
): Promise<ImageChoice> {
    if (mode === undefined) return { standIns: [] };
    if (mode !== "auto") return { override: { source: mode }, standIns: [] };
    const { environment } = stack.config;
    if (environment !== "dev") {
        throw new UsageError(
            `--images auto is for dev: a ${environment} stack runs the images that its file names, or none.`,
            "Say --images registry, or set groundwork:images.source in the stack's file.",
        );
    }
    const known = remembered(stack.project, stack.name);
    if (known) return known;
    return choose(stack, await docker());
}

async function choose(
    { config, system }: { config: StackConfig; system: System },
    docker: Docker,
): Promise<ImageChoice> {
    const images = { ...config.images, source: "registry" as const };
    const found = await Promise.all(
        imageKeys(system).map(async (key) => {
            const reference = imageOf(key, { images });
            return {
                key,
                reference,
                answer: reference.startsWith(LOCAL_PREFIX) ? "there" : await find(docker, reference),
            };
        }),
    );
    const missing = found.filter((image) => image.answer !== "there");
    if (missing.length === 0)
        return { override: { source: "registry" }, standIns: [], reason: "Images: from the registry." };
    if (missing.every((image) => image.answer === "no answer") && missing.length === found.length) {
        return {
            override: { source: "local" },
            standIns: found.map((image) => image.key),
            reason: "Images: no registry answers, so stand-ins from images/ are used. Say --images registry to insist.",
        };
    }
    return {
        override: {
            source: "registry",
            overrides: Object.fromEntries(missing.map(({ key }) => [key, localImageRef(key)])),
        },
        standIns: missing.map((image) => image.key),
        reason: `Images: from the registry, except those that it has not, for which stand-ins from images/ are used: ${missing.map((image) => image.reference).join(", ")}.`,
    };
}

/** An image that the engine already has is not asked for again. */
async function find(docker: Docker, reference: string): ReturnType<typeof askRegistry> {
    return (await hasImage(docker, reference)) ? "there" : askRegistry(docker, reference);
}

function memoryPath(project: Project, stack: string): string {
    return join(project.dataDir, "images", `${stack}.json`);
}

/** What `auto` decided when the stack was brought up: a registry that comes or goes must not change what runs. */
function remembered(project: Project, stack: string): ImageChoice | undefined {
    let text: string;
    try {
        text = readFileSync(memoryPath(project, stack), "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
    const choice = JSON.parse(text) as ImageChoice;
    // The names of stand-ins follow their sources.
    const overrides =
        choice.override?.overrides && Object.fromEntries(choice.standIns.map((key) => [key, localImageRef(key)]));
    return {
        ...choice,
        override: choice.override && { ...choice.override, ...(overrides && { overrides }) },
        reason: undefined,
    };
}

export function remember(project: Project, stack: string, choice: ImageChoice): void {
    const path = memoryPath(project, stack);
    makeDirectory(join(project.dataDir, "images"), 0o700);
    writeWhole(path, `${JSON.stringify(choice, null, 4)}\n`);
}

export function forget(project: Project, stack: string): void {
    rmSync(memoryPath(project, stack), { force: true });
}
