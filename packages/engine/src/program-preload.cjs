"use strict";
// Loaded before the program: takes its environment from a pipe, so that config secrets are in no process listing.
const fs = require("node:fs");
const Module = require("node:module");

Object.assign(process.env, JSON.parse(fs.readFileSync(3, "utf8")));
fs.closeSync(3);

// The SDK loads the TypeScript compiler and npm's tree reader with itself, a quarter of its start, and uses them only to serialize
// functions (dynamic providers): they are loaded when they are first used.
const HEAVY = new Set(["../../typescript-shim", "@npmcli/arborist"]);
const SERIALIZER = /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/][^\\/]+$/;
const load = Module._load;
Module._load = function (request, parent, isMain) {
    const now = () => load.call(this, request, parent, isMain);
    return HEAVY.has(request) && SERIALIZER.test(parent?.filename ?? "") ? whenUsed(now) : now();
};

function whenUsed(loadModule) {
    let loaded;
    // What compiled code asks of a module while it imports it is no use yet.
    const get = (_, key) => (key === "__esModule" ? true : (loaded ??= loadModule())[key]);
    return new Proxy({}, { get });
}
