/** Starts the service that SAMPLE_PROFILE names. Exit codes: 0 stopped, 1 failed, 78 wrong configuration. */
import { App } from "./app";
import { Settings, SettingsError } from "./config/settings";
import { findProfile } from "./profiles";

/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
    const profile = findProfile(process.env.SAMPLE_PROFILE);
    const settings = new Settings(profile.variables, process.env, profile.check);
    const app = new App(profile, settings);
    const logger = app.logger("main");
    process.on("unhandledRejection", (error) => {
        logger.error({ error }, "a failure that nothing handles");
        process.exit(1);
    });
    let stopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
        process.on(signal, () => {
            // A second signal does not cut short what the first one lets finish.
            if (stopping) return;
            stopping = true;
            app.stop().then(
                () => process.exit(0),
                (error: unknown) => {
                    logger.error({ error }, "could not stop in order");
                    process.exit(1);
                },
            );
        });
    }
    await app.start();
}

main().catch((error: Error) => {
    process.stderr.write(`${error instanceof SettingsError ? error.message : (error.stack ?? error.message)}\n`);
    process.exitCode = error instanceof SettingsError ? EXIT_CONFIG : 1;
});
