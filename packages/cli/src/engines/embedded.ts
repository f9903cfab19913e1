import { createEmbeddedEngine, type EmbeddedEngine, type PassphraseError } from "@groundwork/engine";

import type { Passphrase } from "../passphrase";
import type { Engine, EngineSettings, Run } from "./engine";
import { bundledProgram } from "./program";

type Work<T> = (engine: EmbeddedEngine) => Promise<T>;

/** The engine of this repository: no Pulumi CLI, state in `.groundwork/state/`. */
export function openEmbedded(settings: EngineSettings): Engine {
    const opened = async <T>(passphrase: Passphrase, work: Work<T>, run?: Run, bundle?: string): Promise<T> => {
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
    const changing = async <T>(work: Work<T>, run?: Run, bundle?: string): Promise<T> =>
        opened(settings.passphrase(false), work, run, bundle);
    const looking = async <T>(work: Work<T>, run?: Run, bundle?: string): Promise<T> =>
        opened(settings.passphrase(true), work, run, bundle);
    /** For what runs the program: who only looks at the state need not wait until it is made. */
    const program = (): Promise<string | undefined> => bundledProgram(settings.projectDir);
    return {
        kind: "embedded",
        preview: async (options, run) =>
            looking((engine) => engine.preview(options), run, options?.destroy ? undefined : await program()),
        up: async (run) => changing((engine) => engine.up(), run, await program()),
        destroy: (options, run) => changing((engine) => engine.destroy(options), run),
        refresh: (options, run) => (options?.preview ? looking : changing)((engine) => engine.refresh(options), run),
        outputs: () => looking((engine) => engine.outputs()),
        exportState: (options) => looking((engine) => engine.exportState(options)),
        importState: (deployment) => changing((engine) => engine.importState(deployment)),
        unlock: () => looking((engine) => engine.unlock()),
    };
}
