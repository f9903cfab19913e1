import { createEmbeddedEngine } from "@groundwork/engine";
import type { EmbeddedEngine } from "@groundwork/engine/src/api";
import type { PassphraseError } from "@groundwork/engine/src/state/errors";

import type { Engine, EngineSettings, Run } from "./engine";
import { bundledProgram } from "./program";

/** The engine of this repository: no Pulumi CLI, state in `.groundwork/state/`. */
export function openEmbedded(settings: EngineSettings): Engine {
    const using = async <T>(work: (engine: EmbeddedEngine) => Promise<T>, run?: Run, bundle?: string): Promise<T> => {
        const passphrase = settings.passphrase();
        const engine = createEmbeddedEngine({
            projectDir: settings.projectDir,
            stateDir: settings.stateDir,
            stack: settings.stack,
            config: settings.config,
            passphrase: passphrase.text,
            encryptionSalt: settings.encryptionSalt,
            policyPacks: settings.policyPacks,
            parallel: settings.parallel,
            bundle,
            ...run,
        });
        try {
            return await work(engine);
        } catch (error) {
            // The engine is given a passphrase and does not know from where.
            if (error instanceof Error && error.name === "PassphraseError")
                (error as PassphraseError).hint = settings.wrongPassphraseHint(passphrase);
            throw error;
        }
    };
    /** For what runs the program: who only looks at the state need not wait until it is made. */
    const running = async <T>(work: (engine: EmbeddedEngine) => Promise<T>, run?: Run): Promise<T> =>
        using(work, run, await bundledProgram(settings.projectDir));
    return {
        kind: "embedded",
        preview: (options, run) => (options?.destroy ? using : running)((engine) => engine.preview(options), run),
        up: (run) => running((engine) => engine.up(), run),
        destroy: (options, run) => using((engine) => engine.destroy(options), run),
        refresh: (options, run) => using((engine) => engine.refresh(options), run),
        outputs: () => using((engine) => engine.outputs()),
        exportState: (options) => using((engine) => engine.exportState(options)),
        importState: (deployment) => using((engine) => engine.importState(deployment)),
        unlock: () => using((engine) => engine.unlock()),
    };
}
