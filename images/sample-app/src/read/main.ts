/**
 * Reads what the API wrote, from the store itself, in a process and over a connection of its own: for who asks whether a write is really there
 * and has no other way to the store.
 *
 *     node read.cjs item | cache <id>
 */
import { Settings } from "../config/settings";
import { createLogger, type Logger } from "../observe/log";
import { findProfile } from "../profiles";
import type { Profile } from "../profiles/types";

type Reader = (profile: Profile, settings: Settings, logger: Logger, id: string) => Promise<string>;

const READERS: Record<string, Reader> = {
    async item(profile, settings, logger, id) {
        const store = profile.database?.(settings, logger);
        if (!store) throw new Error(`${profile.title}: this service has no database`);
        try {
            return JSON.stringify(await store.items.get(id)) ?? "";
        } finally {
            await store.close();
        }
    },
    async cache(profile, settings, logger, id) {
        const store = profile.cache?.(settings, logger);
        if (!store) throw new Error(`${profile.title}: this service has no cache`);
        try {
            return (await store.client.get(`cache:${id}`)) ?? "";
        } finally {
            await store.close();
        }
    },
};

async function main(): Promise<void> {
    const [name = "", id = ""] = process.argv.slice(2);
    const read = READERS[name];
    if (!read || id === "") throw new Error(`use: ${Object.keys(READERS).join(" | ")} <id>`);
    const profile = findProfile(process.env.SAMPLE_PROFILE);
    const settings = new Settings(profile.variables, process.env, profile.check);
    const { logFormat: format } = profile;
    // Its only output is the value; what goes wrong ends it.
    const logger = createLogger({ format, level: "silent", secrets: settings.secrets });
    console.log(await read(profile, settings, logger, id));
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
