/**
 * Starts `gw` fast. TypeScript takes 0.3 s more to start through a loader than as one file of JavaScript, so the sources are bundled once,
 * under `.groundwork/cache/gw/`, and again when the content of any of them has changed. A cache that cannot be written is done without.
 */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "..", "..");
const ENTRY = path.join(__dirname, "src", "main.ts");
const CACHE = path.join(ROOT, ".groundwork", "cache", "gw");
/** What decides on the bundle beside the sources. */
const ALSO = [__filename, path.join(ROOT, "package-lock.json")];

function digest(content) {
    return createHash("sha256").update(content).digest("hex");
}

/** The key of a set of files: their paths and contents, and this Node. Undefined: one of them is gone. */
function keyOf(files) {
    const hash = createHash("sha256").update(`${process.version} ${ROOT}`);
    try {
        for (const file of files) hash.update(`\0${file}\0`).update(fs.readFileSync(file));
    } catch (error) {
        if (error.code === "ENOENT") return undefined;
        throw error;
    }
    return hash.digest("hex");
}

/** The bundle of the sources as they are, if it has been made. */
function cached() {
    let manifest;
    try {
        manifest = JSON.parse(fs.readFileSync(path.join(CACHE, "manifest.json"), "utf8"));
    } catch {
        return undefined;
    }
    if (!Array.isArray(manifest.files) || manifest.key !== keyOf(manifest.files)) return undefined;
    const bundle = path.join(CACHE, `${manifest.key}.cjs`);
    try {
        const code = fs.readFileSync(bundle, "utf8");
        return digest(code) === manifest.digest ? { bundle, code } : undefined;
    } catch {
        return undefined;
    }
}

/** Packages stay where they are, each found from the file that asks for it; only our own sources are bundled. */
const packages = {
    name: "packages",
    setup(build) {
        build.onResolve({ filter: /^[^./]/ }, (args) => {
            if (args.kind === "entry-point" || Module.isBuiltin(args.path)) return undefined;
            // A package of this workspace: esbuild knows that its files are TypeScript.
            if (args.path.startsWith("@groundwork/")) return undefined;
            const found = Module.createRequire(args.importer).resolve(args.path);
            return { path: found, external: true };
        });
        build.onLoad({ filter: /\.ts$/ }, (args) => {
            const source = fs.readFileSync(args.path, "utf8");
            if (!/\b__(dirname|filename)\b/.test(source)) return undefined;
            const names = `const __filename = ${JSON.stringify(args.path)}, __dirname = ${JSON.stringify(path.dirname(args.path))};`;
            // On the first line, so that line numbers stay.
            return { contents: `${names}${source}`, loader: "ts" };
        });
    },
};

async function build() {
    const esbuild = require("esbuild");
    const result = await esbuild.build({
        entryPoints: [ENTRY],
        absWorkingDir: ROOT,
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        write: false,
        metafile: true,
        sourcemap: "inline",
        sourcesContent: false,
        outfile: path.join(CACHE, "gw.cjs"),
        logLevel: "silent",
        plugins: [packages],
    });
    const code = result.outputFiles[0].text;
    const files = [...Object.keys(result.metafile.inputs).map((file) => path.resolve(ROOT, file)), ...ALSO].sort();
    const key = keyOf(files);
    const bundle = path.join(CACHE, `${key}.cjs`);
    store(bundle, code, { key, digest: digest(code), files });
    return { bundle, code };
}

/** Each file is written aside and renamed, so that a second `gw` never finds half of one. */
function store(bundle, code, manifest) {
    try {
        fs.mkdirSync(CACHE, { recursive: true, mode: 0o700 });
        for (const [file, text] of [
            [bundle, code],
            [path.join(CACHE, "manifest.json"), JSON.stringify(manifest)],
        ]) {
            const draft = `${file}.${process.pid}`;
            fs.writeFileSync(draft, text, { mode: 0o600 });
            fs.renameSync(draft, file);
        }
        for (const old of fs.readdirSync(CACHE)) {
            if (old.endsWith(".cjs") && path.join(CACHE, old) !== bundle)
                fs.rmSync(path.join(CACHE, old), { force: true });
        }
    } catch (error) {
        if (!["EACCES", "EROFS", "ENOSPC", "EPERM"].includes(error.code)) throw error;
    }
}

/** As `gw` itself decides whether to say more. */
function isVerbose() {
    return Boolean(process.env.GW_DEBUG) || process.argv.includes("--verbose") || process.argv.includes("-v");
}

function start({ bundle, code }) {
    if (isVerbose()) process.setSourceMapsEnabled(true);
    // From memory: the file may have been replaced since, or could not be written.
    const module = new Module(bundle);
    module.filename = bundle;
    module.paths = Module._nodeModulePaths(CACHE);
    module._compile(code, bundle);
}

/** Without a working esbuild (its binary is for one platform), through the slower loader. */
function viaLoader(error) {
    if (isVerbose()) {
        console.error(
            `gw could not be bundled, and starts through a slower loader: ${String(error.message ?? error).split("\n")[0]}`,
        );
    }
    const loader = require("node:url").pathToFileURL(require.resolve("tsx")).href;
    const args = ["--import", loader, ENTRY, ...process.argv.slice(2)];
    const child = require("node:child_process").spawn(process.execPath, args, { stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
        // On a terminal the signal reaches both; a second one would mean "at once".
        process.on(signal, () => process.stdin.isTTY || child.kill(signal));
    }
    child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

async function main() {
    const ready = cached();
    if (ready) return start(ready);
    let built;
    try {
        built = await build();
    } catch (error) {
        if (error.errors?.length) {
            console.error(
                `gw could not be built:\n${error.errors.map((e) => `  ${e.location?.file}:${e.location?.line}: ${e.text}`).join("\n")}`,
            );
            process.exit(1);
        }
        return viaLoader(error);
    }
    return start(built);
}

void main();
