import { buildProgram } from "./program";

/** A run goes on when nobody reads what it says any more; what only shows something ends. */
const RUNS = ["up", "destroy", "refresh"];

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!RUNS.includes(process.argv[2] ?? "")) process.exit(process.exitCode ?? 0);
});

void buildProgram()
    .run(process.argv)
    .then((code) => {
        process.exitCode = code;
    });
