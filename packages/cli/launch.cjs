/** Starts `gw` fast: as one file of JavaScript that is made of its sources. */
"use strict";
const path = require("node:path");

const { engines } = require("../../package.json");

// Before anything that an older one may not understand.
const [major, minor] = process.versions.node.split(".").map(Number);
const [wantedMajor, wantedMinor] = engines.node.match(/\d+/g).map(Number);
if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    console.error(
        `gw needs Node ${wantedMajor}.${wantedMinor} or newer, and this is ${process.version}. See https://nodejs.org.`,
    );
    process.exit(1);
}

const { build, cached, complaints, load, loadCompiled } = require("@groundwork/bundle");

const ENTRY = path.join(__dirname, "src", "main.ts");
const BUNDLE = {
    entry: ENTRY,
    cacheName: "gw",
    launcher: __filename,
    bundlePackages: true,
    // Few commands need them, and they are six times as large as all others.
    external: [
        "@aws-sdk/client-iam",
        "@aws-sdk/client-kms",
        "@aws-sdk/client-s3",
        "@kubernetes/client-node",
        "@node-rs/bcrypt",
        "@pulumi/pulumi/automation",
    ],
};

/** As `gw` itself decides whether to say more. */
function isVerbose() {
    return Boolean(process.env.GW_DEBUG) || process.argv.includes("--verbose") || process.argv.includes("-v");
}

function start(bundle) {
    if (!isVerbose()) return loadCompiled(bundle);
    process.setSourceMapsEnabled(true);
    load(bundle);
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
    const ready = cached(BUNDLE);
    if (ready) return start(ready);
    let built;
    try {
        built = await build(BUNDLE);
    } catch (error) {
        if (error.errors?.length) {
            console.error(`gw could not be built:\n${complaints(error)}`);
            process.exit(1);
        }
        return viaLoader(error);
    }
    return start(built);
}

void main();
