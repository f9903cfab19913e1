"use strict";
// Loaded before the program: takes its environment from a pipe, so that config secrets are in no process listing, and has the SDK leave out
// work that nobody sees, which is half of what a run of a small stack takes.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

Object.assign(process.env, JSON.parse(lineFrom(3)));
fs.closeSync(3);

/** Not to the end of the file: who sends it is busy with a start of its own before it gets round to closing it. */
function lineFrom(fd) {
    const chunks = [];
    let read;
    do {
        const chunk = Buffer.alloc(1 << 16);
        read = chunk.subarray(0, fs.readSync(fd, chunk));
        chunks.push(read);
    } while (read.length > 0 && read.at(-1) !== 0x0a);
    return Buffer.concat(chunks).toString();
}

/** For how long a busy engine may take to listen, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * The engine starts to listen while this process starts. A call that finds no socket fails at once, and so does the one that would say why:
 * the program would end without a word.
 */
function awaitEngine() {
    const option = "--engine=unix:";
    const socket = process.argv.find((word) => word.startsWith(option))?.slice(option.length);
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    const begin = Date.now();
    while (socket && !fs.existsSync(socket) && Date.now() - begin < PATIENCE_MS) Atomics.wait(nobody, 0, 0, 10);
}

/** Stands for the program, which keeps its name in what people read. */
const bundle = process.env.GROUNDWORK_PROGRAM_BUNDLE;
delete process.env.GROUNDWORK_PROGRAM_BUNDLE;

/** What the SDK loads with itself, by the module that does, and few programs use. */
const RARE = [
    // The TypeScript compiler and npm's tree reader, to serialize functions (dynamic providers).
    [/runtime\/closure\/[^/]+$/, /^(\.\.\/\.\.\/typescript-shim|@npmcli\/arborist)$/],
    // Traces for a collector.
    [/cmd\/run\/tracing\.js$/, /^@opentelemetry\/(?!api$)/],
    // Pulumi programs that run Pulumi.
    [/@pulumi\/pulumi\/index\.js$/, /^\.\/automation$/],
];
const SDK = /\/@pulumi\/pulumi\//;

const load = Module._load;
Module._load = function (request, parent, isMain) {
    const now = () => load.call(this, request, parent, isMain);
    if (request === "source-map-support/register") {
        const loaded = now();
        mapStacks(load.call(this, "source-map-support", parent, false));
        return loaded;
    }
    const from = (parent?.filename ?? "").replaceAll("\\", "/");
    if (!SDK.test(from)) return now();
    if (bundle && /cmd\/run\/run\.js$/.test(from) && path.isAbsolute(request))
        return load.call(this, bundle, parent, isMain);
    // The last that is loaded before the engine is asked anything.
    if (request === "./run" && /cmd\/run\/index\.js$/.test(from)) {
        const loaded = now();
        awaitEngine();
        return loaded;
    }
    if (RARE.some(([module, what]) => module.test(from) && what.test(request))) return whenUsed(now);
    const adapt = ADAPTED[/^\.{1,2}\/(?:.*\/)?([a-z]+)$/.exec(request)?.[1]];
    return adapt ? adapt(now()) : now();
};

function whenUsed(loadModule) {
    let loaded;
    // What compiled code asks of a module while it imports it is no use yet.
    const get = (_, key) => (key === "__esModule" ? true : (loaded ??= loadModule())[key]);
    return new Proxy({}, { get });
}

/**
 * Stacks name lines of the TypeScript that was written: the SDK looks for maps beside the files, but the loader gives them to Node.
 */
function mapStacks(support) {
    support.install({
        retrieveSourceMap(url) {
            const map = Module.findSourceMap(url)?.payload;
            return map ? { url, map: { ...map, sources: map.sources.map(pathOf) } } : null;
        },
    });
}

function pathOf(source) {
    return source.startsWith("file:") ? fileURLToPath(source) : source;
}

/** By name of the SDK's module: what becomes of it, each time that it is asked for. */
const ADAPTED = { log: withoutDebug, debuggable: withoutStacks, resource: withoutPositions };

/** The SDK sends the engine some six lines a resource, each when the one before has been answered, and the engine would drop them. */
function withoutDebug(log) {
    log.debug = () => Promise.resolve();
    return log;
}

const stackless = new WeakSet();

/** The SDK notes a stack with each of its promises, some dozen a resource, and shows those that leak when it is asked to. */
function withoutStacks(debuggable) {
    if (stackless.has(debuggable) || process.env.PULUMI_DEBUG_PROMISE_LEAKS) return debuggable;
    stackless.add(debuggable);
    const { debuggablePromise } = debuggable;
    debuggable.debuggablePromise = (promise, context) => {
        const limit = Error.stackTraceLimit;
        Error.stackTraceLimit = 0;
        try {
            return debuggablePromise(promise, context);
        } finally {
            Error.stackTraceLimit = limit;
        }
    };
    return debuggable;
}

/** Where in the program each resource was made: few ask the engine for it. */
function withoutPositions(module) {
    if (module.Resource && !process.env.GROUNDWORK_POSITIONS) module.Resource.stackTrace = () => [];
    return module;
}
