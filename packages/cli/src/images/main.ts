/** `tsx packages/cli/src/images/main.ts [KEY…]`: builds local images; without keys, all of the catalog. */
import Docker from "dockerode";

import { CATALOG } from "../../../../images/catalog";
import { buildLocalImages } from "./build";

const keys = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CATALOG);
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));

buildLocalImages(keys, { docker: new Docker(), log: console.log, signal: interrupted.signal }).then(
    (report) => console.log(`images: ${report.built.length} built in ${report.seconds.toFixed(1)} s`),
    (error: Error) => {
        console.error(error.message);
        process.exitCode = 1;
    },
);
