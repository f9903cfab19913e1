/** `backup`: the commands of the toolbox. */
import { buildProgram } from "./program";
import { BackupError, EXIT } from "./errors";
import { log } from "./log";

async function main(): Promise<void> {
    const abort = new AbortController();
    for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => abort.abort());
    try {
        await buildProgram(abort.signal).parseAsync();
    } catch (error) {
        if (error instanceof BackupError) {
            log.error({ exit: error.exit, remedy: error.remedy }, error.message);
            process.exitCode = error.exit;
        } else {
            log.fatal({ err: error }, "a bug of the toolbox");
            process.exitCode = EXIT.bug;
        }
    }
}

void main();
