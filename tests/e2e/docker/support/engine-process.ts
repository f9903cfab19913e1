/** The embedded engine on a fixture program, as a process that can be killed. Usage: `engine-process.ts up|destroy <options as JSON>`. */
import { createEmbeddedEngine, type EngineOptions } from "../../../../packages/engine/src";

async function main(): Promise<void> {
    const [operation, json] = process.argv.slice(2);
    const engine = createEmbeddedEngine(JSON.parse(json!) as EngineOptions);
    if (operation === "up") await engine.up();
    else await engine.destroy();
}

main().catch((error: Error) => {
    console.error(`${error.name}: ${error.message}`);
    process.exit(error.name === "LockedError" ? 4 : 1);
});
