/**
 * Serves the pack over Pulumi's Analyzer protocol: one file of JavaScript that is made of its sources, since Pulumi would type-check them
 * at each start, and of what they use of packages, since all of Pulumi's SDK takes a second to load. Pulumi's runner of packs starts it, or
 * Node alone, which is sooner.
 */
"use strict";
const path = require("node:path");

const { build, cached, complaints, loadCompiled } = require("@groundwork/bundle");

const BUNDLE = {
    entry: path.join(__dirname, "index.ts"),
    cacheName: "policies",
    launcher: __filename,
    bundlePackages: true,
    alias: { "@pulumi/pulumi": path.join(__dirname, "sources", "sdk.ts") },
};

async function main() {
    try {
        return loadCompiled(cached(BUNDLE) ?? (await build(BUNDLE)));
    } catch (error) {
        throw error.errors?.length ? new Error(`The policy pack could not be built:\n${complaints(error)}`) : error;
    }
}

const started = main();
if (require.main === module) {
    started.catch((error) => {
        console.error(error.message);
        process.exit(1);
    });
}

module.exports = started;
