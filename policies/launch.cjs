/** What Pulumi runs as the pack: one file of JavaScript that is made of its sources, since Pulumi would type-check them at each start. */
"use strict";
const path = require("node:path");

const { build, cached, complaints, load } = require("@groundwork/bundle");

const OF = { entry: path.join(__dirname, "index.ts"), name: "policies", launcher: __filename };

async function main() {
    try {
        return load(cached(OF) ?? (await build(OF)));
    } catch (error) {
        throw error.errors?.length ? new Error(`The policy pack could not be built:\n${complaints(error)}`) : error;
    }
}

module.exports = main();
