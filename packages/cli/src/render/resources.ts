/** Runs the program with providers that make nothing, in a state of its own that is gone when it has been read. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ResourceState, UntypedDeployment } from "@groundwork/engine/api";

import type { Run } from "../engines/engine";
import { bundledProgram } from "../engines/program";
import { FailedError } from "../errors";
import type { ConfiguredSession } from "../session";
import { type GeneratedSecret, renderingKubernetes, renderingRandom } from "./providers";
import { opened } from "./values";

export interface RenderSettings {
    /** The generated secrets of the stack, where they are to be rendered; absent: none are. */
    secrets?: GeneratedSecret;
    parallel?: number;
    policyPacks: string[];
}

/**
 * @returns the resources of the stack, their secrets in plaintext
 * @throws FailedError when generated secrets are to be rendered and have no value
 */
export async function renderedResources(
    { engineConfig, project, stack }: ConfiguredSession,
    settings: RenderSettings,
    run: Run,
): Promise<ResourceState[]> {
    const { createEmbeddedEngine } = await import("@groundwork/engine");
    const stateDir = mkdtempSync(join(tmpdir(), "gw-render-"));
    const lacking = new Set<string>();
    const withSecrets = settings.secrets !== undefined;
    try {
        const engine = createEmbeddedEngine({
            projectDir: project.dir,
            stateDir,
            stack: stack.name,
            config: engineConfig,
            passphrase: randomBytes(32).toString("base64"),
            policyPacks: settings.policyPacks,
            parallel: settings.parallel,
            bundle: await bundledProgram(project.dir),
            providers: [
                renderingKubernetes({ withSecrets }),
                renderingRandom(settings.secrets ?? (() => undefined), lacking),
            ],
            ...run,
        });
        await engine.up();
        if (withSecrets && lacking.size > 0) throw unknownSecrets([...lacking].sort(), stack.name);
        return (await engine.exportState({ showSecrets: true })).deployment.resources;
    } finally {
        rmSync(stateDir, { recursive: true, force: true });
    }
}

/** The generated secrets that a state holds. @param state exported with its secrets in plaintext */
export function generatedSecrets({ deployment }: UntypedDeployment): GeneratedSecret {
    const values = (deployment.resources ?? [])
        .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
        .map(({ urn, outputs }) => [urn, opened(outputs?.["result"], () => undefined)] as const);
    const known = new Map(values);
    return (urn) => known.get(urn) as string | undefined;
}

function unknownSecrets(names: string[], stack: string): FailedError {
    return new FailedError(
        `These secrets of ${stack} are generated and have no value yet, so that every rendering would have others:\n${names.map((name) => `  ${name}`).join("\n")}`,
        `Bring the stack up once, which keeps them in its state, or give each a value of your own: "gw config set secrets.<NAME>".`,
    );
}
