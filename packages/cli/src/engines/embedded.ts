import { createEmbeddedEngine } from "@groundwork/engine";
import type { EmbeddedEngine } from "@groundwork/engine/src/api";

import type { Engine, EngineSettings, Run } from "./engine";

/** The engine of this repository: no Pulumi CLI, state in `.groundwork/state/`. */
export function openEmbedded(settings: EngineSettings): Engine {
    const engine = (run: Run = {}): EmbeddedEngine =>
        createEmbeddedEngine({
            projectDir: settings.projectDir,
            stateDir: settings.stateDir,
            stack: settings.stack,
            config: settings.config,
            passphrase: settings.passphrase(),
            encryptionSalt: settings.encryptionSalt,
            policyPacks: settings.policyPacks,
            parallel: settings.parallel,
            ...run,
        });
    return {
        kind: "embedded",
        preview: (options, run) => engine(run).preview(options),
        up: (run) => engine(run).up(),
        destroy: (options, run) => engine(run).destroy(options),
        refresh: (options, run) => engine(run).refresh(options),
        outputs: () => engine().outputs(),
        exportState: (options) => engine().exportState(options),
        importState: (deployment) => engine().importState(deployment),
        unlock: () => engine().unlock(),
    };
}
