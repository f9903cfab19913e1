import { EXIT } from "./errors";
import { buildProgram } from "./command-line";

/** Its only end is that nobody reads it any more; whatever else runs goes on to its own. */
const ENDLESS = "logs";

/** Why what was printed did not arrive. */
let lost: NodeJS.ErrnoException | undefined;

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    lost ??= error;
    if (lost.code === "EPIPE" && process.argv[2] === ENDLESS) process.exit(process.exitCode ?? EXIT.done);
});
// Nobody is left to be told, and what is to be done is done all the same.
process.stderr.on("error", () => undefined);

process.on("exit", () => {
    // Who reads the first lines alone has what it wanted; who kept them in a file must not take half of it for all.
    if (lost === undefined || lost.code === "EPIPE") return;
    process.stderr.write(`error: What this printed could not be written: ${lost.message}\n`);
    process.exitCode ||= EXIT.failed;
});

void buildProgram()
    .run(process.argv)
    .then((code) => {
        process.exitCode = code;
    });
