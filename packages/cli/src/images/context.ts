/** What the Docker engine is sent to build an image: the folder's files, the bundles of its TypeScript and its programs in Go. */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type { Readable } from "node:stream";

import { build } from "esbuild";
import tar from "tar-stream";

import { listFiles } from "../../../../images/local";
import { buildGoTools } from "./go";

/** `bundle` in an image's package.json. */
interface BundleSpec {
    /** Name in `dist/` → source file. */
    entryPoints: Record<string, string>;
    /** Packages with compiled code: copied to `dist/node_modules` instead of bundled. */
    nativePackages?: string[];
}

/** Files by path in the build context. */
type Files = Map<string, { content: Buffer; mode: number }>;

/** An image folder's build context as a tar stream. `arch` is Node's name of the engine's architecture. */
export async function buildContext(directory: string, arch: string): Promise<Readable> {
    const files: Files = new Map();
    const manifest = readManifest(directory);
    for (const path of listFiles(directory)) {
        if (!manifest || !/^src\/|\.json$/.test(path)) addFile(files, path, join(directory, path));
    }
    if (manifest) await addBundles(files, directory, manifest, arch);
    for (const [name, content] of await buildGoTools(directory, arch))
        files.set(`dist/${name}`, { content, mode: 0o755 });
    const pack = tar.pack();
    // Fixed times, for people who compare images; the engine's build cache does not look at them.
    for (const [name, { content, mode }] of files) pack.entry({ name, mode, mtime: new Date(0) }, content);
    pack.finalize();
    return pack;
}

function readManifest(directory: string): BundleSpec | undefined {
    const path = join(directory, "package.json");
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
    return (JSON.parse(readFileSync(path, "utf8")) as { bundle?: BundleSpec }).bundle;
}

async function addBundles(files: Files, directory: string, spec: BundleSpec, arch: string): Promise<void> {
    const result = await build({
        absWorkingDir: directory,
        entryPoints: spec.entryPoints,
        outdir: join(directory, "dist"),
        outExtension: { ".js": ".cjs" },
        bundle: true,
        splitting: false,
        platform: "node",
        target: "node20",
        format: "cjs",
        external: spec.nativePackages ?? [],
        // Optional accelerators that pg and ws look for and do without.
        packages: "bundle",
        write: false,
        logLevel: "silent",
        legalComments: "none",
        sourcemap: "linked",
        sourcesContent: false,
        minifySyntax: true,
        minifyWhitespace: true,
        plugins: [
            {
                name: "optional-packages",
                setup(context) {
                    const optional = /^(pg-native|bufferutil|utf-8-validate|pg-cloudflare)$/;
                    context.onResolve({ filter: optional }, ({ path }) => ({ path, external: true }));
                },
            },
        ],
    });
    for (const output of result.outputFiles) {
        files.set(relative(directory, output.path), { content: Buffer.from(output.contents), mode: 0o644 });
    }
    for (const name of spec.nativePackages ?? []) addPackage(files, directory, name, arch);
}

/** A package's JavaScript, and its compiled code for one platform. */
function addPackage(files: Files, directory: string, name: string, arch: string): void {
    const manifest = createRequire(join(directory, "package.json")).resolve(`${name}/package.json`);
    const root = realpathSync(dirname(manifest));
    const wanted = listFiles(root)
        .concat(listDist(root))
        .filter((path) => isNeeded(path, arch));
    if (wanted.some((path) => path.startsWith("prebuilds/")) || !listFiles(root).some((p) => p.endsWith(".node"))) {
        for (const path of wanted) addFile(files, `dist/node_modules/${name}/${path}`, join(root, path));
        return;
    }
    throw new Error(`${name} ships no compiled code for linux-${arch}: build the images on another machine`);
}

/** `listFiles` leaves `dist` out, which is where packages keep their code. */
function listDist(root: string): string[] {
    const dist = join(root, "dist");
    return lstatSync(dist, { throwIfNoEntry: false }) ? listFiles(dist).map((path) => `dist/${path}`) : [];
}

function isNeeded(path: string, arch: string): boolean {
    if (path.startsWith("prebuilds/")) return path.startsWith(`prebuilds/linux-${arch}/`) && path.includes("glibc");
    return path === "package.json" || /^(dist\/)?[^/]+\.c?js$/.test(path) || /^LICENSE/.test(path);
}

function addFile(files: Files, name: string, path: string): void {
    const mode = lstatSync(path).mode & 0o100 ? 0o755 : 0o644;
    files.set(name, { content: readFileSync(path), mode });
}
