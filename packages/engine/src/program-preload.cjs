"use strict";
// Loaded before the program: takes its environment from a pipe, so that config secrets are in no process listing, and has the SDK leave out
// work that nobody sees, which is half of what a run of a small stack takes.
const fs = require("node:fs");
const Module = require("node:module");

Object.assign(process.env, JSON.parse(fs.readFileSync(3, "utf8")));
fs.closeSync(3);

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
    if (RARE.some(([module, what]) => module.test(from) && what.test(request))) return whenUsed(now);
    return /^\.{1,2}(\/\.\.)*\/log$/.test(request) ? withoutDebug(now()) : now();
};

function whenUsed(loadModule) {
    let loaded;
    // What compiled code asks of a module while it imports it is no use yet.
    const get = (_, key) => (key === "__esModule" ? true : (loaded ??= loadModule())[key]);
    return new Proxy({}, { get });
}

/**
 * Stacks name lines of the TypeScript that was written: the SDK looks for maps beside the files, but the loader gives them to Node. And the
 * SDK notes a stack with each of its promises, to show with those that leak: these are not mapped, since that took a fifth of a run.
 */
function mapStacks(support) {
    support.install({
        retrieveSourceMap(url) {
            const map = Module.findSourceMap(url)?.payload;
            return map ? { url, map } : null;
        },
    });
    const mapped = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) =>
        frames[0]?.getFunctionName() === "debuggablePromise"
            ? [error, ...frames].join("\n    at ")
            : mapped(error, frames);
}

/** The SDK sends the engine some six lines a resource, each when the one before has been answered, and the engine would drop them. */
function withoutDebug(log) {
    log.debug = () => Promise.resolve();
    return log;
}
