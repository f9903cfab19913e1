/**
 * Makes one file of JavaScript of TypeScript sources, which starts 0.3 s sooner than they do through a loader. It is made once, under
 * `.groundwork/cache/`, and again when the content of any of them has changed. A cache that cannot be written is done without.
 */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

const ROOT = path.resolve(__dirname, "..", "..");

/**
 * @typedef {import("./bundle.cjs").BundleOptions} BundleOptions
 * @typedef {import("./bundle.cjs").Bundle} Bundle
 */

function cacheOf({ cacheName }) {
    return path.join(ROOT, ".groundwork", "cache", cacheName);
}

/** What decides on the bundle beside the sources: which packages there are by the lockfile, and which npm has installed. */
function extraInputs({ launcher }) {
    const files = ["package-lock.json", "node_modules/.package-lock.json", "tsconfig.json"];
    return [__filename, launcher, ...files.map((file) => path.join(ROOT, file)).filter((file) => fs.existsSync(file))];
}

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

/** The bundle of the sources as they are, if it has been made. @param {BundleOptions} options @returns {Bundle | undefined} */
function cached(options) {
    const cache = cacheOf(options);
    let manifest;
    try {
        manifest = JSON.parse(fs.readFileSync(path.join(cache, "manifest.json"), "utf8"));
    } catch {
        return undefined;
    }
    if (!Array.isArray(manifest.files) || manifest.key !== keyOf(manifest.files)) return undefined;
    const bundle = path.join(cache, `${manifest.key}.cjs`);
    try {
        const code = fs.readFileSync(bundle, "utf8");
        return digest(code) === manifest.digest ? { bundle, code, digest: manifest.digest } : undefined;
    } catch {
        return undefined;
    }
}

/**
 * Packages stay where they are, each found from the file that asks for it, and only our own sources are bundled; unless packages are to be
 * bundled too.
 */
const packages = ({ bundlePackages = false, external = [], alias = {} }, imported) => ({
    name: "packages",
    setup(build) {
        build.onResolve({ filter: /^[^./]/ }, (args) => {
            if (args.kind === "entry-point") return undefined;
            if (Module.isBuiltin(args.path)) {
                if (args.kind === "dynamic-import") imported.add(args.path);
                return undefined;
            }
            if (Object.hasOwn(alias, args.path)) return { path: alias[args.path] };
            // A package of this workspace: its files are ours.
            if (args.path.startsWith("@groundwork/")) return undefined;
            const isExternal = external.some((name) => `${args.path}/`.startsWith(`${name}/`));
            if (bundlePackages && !isExternal) return undefined;
            const found = Module.createRequire(args.importer).resolve(args.path);
            if (args.kind === "dynamic-import") imported.add(found);
            return { path: found, external: true };
        });
        // What is no JavaScript stays where it is.
        build.onResolve({ filter: /\.node$/ }, ({ path: file, resolveDir }) => ({
            path: path.resolve(resolveDir, file),
            external: true,
        }));
        build.onLoad({ filter: /\.node$/ }, (args) => ({
            contents: `module.exports = require(${JSON.stringify(args.path)})`,
        }));
        build.onLoad({ filter: /\.(ts|js|cjs)$/ }, (args) => {
            const source = fs.readFileSync(args.path, "utf8");
            if (!/\b__(dirname|filename)\b/.test(source)) return undefined;
            const names = `const __filename = ${JSON.stringify(args.path)}, __dirname = ${JSON.stringify(path.dirname(args.path))};`;
            // On the first line, so that line numbers stay, and after what has to be first.
            const strict = /^["']use strict["']/.test(source) ? '"use strict";' : "";
            return { contents: `${strict}${names}${source}`, loader: args.path.endsWith(".ts") ? "ts" : "js" };
        });
    },
});

/** @param {BundleOptions} options @returns {Promise<Bundle>} @throws what esbuild says, with `errors` when the sources are wrong */
async function build(options) {
    const cache = cacheOf(options);
    const esbuild = require("esbuild");
    const imported = new Set();
    const result = await esbuild.build({
        entryPoints: [options.entry],
        absWorkingDir: ROOT,
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        write: false,
        metafile: true,
        sourcemap: "external",
        sourcesContent: false,
        outfile: path.join(cache, "bundle.cjs"),
        logLevel: "silent",
        plugins: [packages(options, imported)],
    });
    const written = (suffix) => result.outputFiles.find((file) => file.path.endsWith(suffix)).text;
    const text = written(".cjs");
    const sources = Object.keys(result.metafile.inputs).map((file) => path.resolve(ROOT, file));
    const files = [...sources, ...extraInputs(options)].sort();
    const key = keyOf(files);
    const bundle = path.join(cache, `${key}.cjs`);
    // Beside it, since it is as large, and only who wants mapped stacks has Node read it.
    const code = `${options.bundlePackages ? withImporter(text, imported) : text}//# sourceMappingURL=${key}.cjs.map\n`;
    const made = { bundle, code, digest: digest(code) };
    const stored = store([
        [`${bundle}.map`, written(".cjs.map")],
        [bundle, code],
        [path.join(cache, "manifest.json"), JSON.stringify({ key, digest: made.digest, files })],
    ]);
    if (stored) removeOthers(cache, path.basename(bundle));
    return made;
}

/** What V8 has compiled before has lost how to `import()`: its module knows. */
function withImporter(text, imported) {
    const calls = (all, file) => all.replaceAll(`import(${JSON.stringify(file)})`, `importer(${JSON.stringify(file)})`);
    // On the first line, so that the map stays true, and after what has to be first.
    return [...imported].reduce(calls, text).replace(/^("use strict";)?/, "$1const importer = module.importer;");
}

/** Each file is written aside and renamed, so that a second `gw` never finds half of one. @returns whether they could be written */
function store(files) {
    try {
        for (const [file, content] of files) {
            fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
            const draft = `${file}.${process.pid}`;
            fs.writeFileSync(draft, content, { mode: 0o600 });
            fs.renameSync(draft, file);
        }
        return true;
    } catch (error) {
        if (!["EACCES", "EROFS", "ENOSPC", "EPERM"].includes(error.code)) throw error;
        return false;
    }
}

function removeOthers(cache, bundle) {
    const others = fs.readdirSync(cache).filter((name) => /\.(cjs|map|v8)$/.test(name) && !name.startsWith(bundle));
    for (const other of others) removeUnused(path.join(cache, other));
}

/** Another process may be about to load a bundle by its path. */
const UNUSED_AFTER_MS = 3_600_000;

function removeUnused(bundle) {
    const made = fs.statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - made > UNUSED_AFTER_MS) fs.rmSync(bundle, { force: true });
}

/** Runs it, compiled anew, so that Node maps its stacks where it is told to. @param {Bundle} what @returns what it exports */
function load({ bundle, code }) {
    const module = moduleOf(bundle);
    module._compile(code, bundle);
    return module.exports;
}

/** For code from memory: the file may have been replaced since, or could not be written. */
function moduleOf(bundle) {
    const module = new Module(bundle);
    module.filename = bundle;
    module.paths = Module._nodeModulePaths(path.dirname(bundle));
    module.importer = (file) => import(file);
    return module;
}

/**
 * Runs it by what V8 has compiled before, kept beside the bundle by a run without: by its end the functions that a start needs are
 * compiled.
 * @param {Bundle} what @returns what it exports
 */
function loadCompiled({ bundle, code, digest }) {
    // V8 takes what another version, or one with other flags or on another processor, has compiled for broken.
    const kept = `${bundle}.${v8.cachedDataVersionTag()}.v8`;
    const script = new vm.Script(Module.wrap(code), {
        filename: bundle,
        cachedData: readCompiled(kept, digest),
    });
    const module = moduleOf(bundle);
    const args = [module.exports, Module.createRequire(bundle), module, bundle, path.dirname(bundle)];
    script.runInThisContext().apply(module.exports, args);
    if (script.cachedDataRejected !== false) {
        const compiled = script.createCachedData();
        store([[kept, Buffer.concat([sealOf(digest, compiled), compiled])]]);
    }
    return module.exports;
}

const SEAL_BYTES = 32;

/** V8 itself knows what belongs to a source by its length alone. */
function sealOf(digest, compiled) {
    return createHash("sha256").update(digest).update(compiled).digest();
}

function readCompiled(file, digest) {
    try {
        const content = fs.readFileSync(file);
        const compiled = content.subarray(SEAL_BYTES);
        return content.subarray(0, SEAL_BYTES).equals(sealOf(digest, compiled)) ? compiled : undefined;
    } catch {
        return undefined;
    }
}

/**
 * @param {{ errors?: { text: string, location?: { file: string, line: number } }[] }} error of `build`
 * @returns what is wrong with the sources
 */
function complaints(error) {
    return error.errors?.map((e) => `  ${e.location?.file}:${e.location?.line}: ${e.text}`).join("\n");
}

module.exports = { build, cached, complaints, load, loadCompiled };
