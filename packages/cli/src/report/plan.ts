/** What would become of a stack that was deployed at one revision, if the other one was deployed over it. */
import { randomBytes } from "node:crypto";

import type { EmbeddedEngine, PreviewStep, RegisteredResource, ResourceState } from "@groundwork/engine/api";

import type { Run } from "../engines/engine";
import { bundledProgram } from "../engines/program";
import type { EngineConfig } from "../stack/config";

/** A revision's program, and what it is given. */
export interface Side {
    dir: string;
    config: EngineConfig;
}

export interface Plan {
    steps: PreviewStep[];
    /** The stack as the base makes it, by URN. */
    before: Map<string, ResourceState>;
    /** What each program asks for. */
    registered: Record<"base" | "head", RegisteredResource[]>;
}

/** The program of one revision did not run to its end. */
export class RevisionError extends Error {
    constructor(
        readonly revision: "base" | "head",
        cause: Error,
    ) {
        super(cause.message, { cause });
        this.name = "RevisionError";
    }
}

export interface PlanOptions {
    stack: string;
    /** Absent: there is no such stack at that revision. */
    base?: Side;
    head: Side;
    /** For the state that is made up; of this plan alone. */
    stateDir: string;
    run: Run;
}

/**
 * Deploys the base with providers that make nothing, and previews the head over that with the same ones, whose comparison is the real one.
 * @throws RevisionError when one of the programs fails
 */
export async function planStack({ stack, base, head, stateDir, run }: PlanOptions): Promise<Plan> {
    const [{ createEmbeddedEngine }, { offlineProviders }] = await Promise.all([
        import("@groundwork/engine"),
        import("@groundwork/engine/offline"),
    ]);
    const passphrase = randomBytes(32).toString("base64");
    const engineOf = async (revision: "base" | "head", { dir, config }: Side): Promise<EmbeddedEngine> =>
        createEmbeddedEngine({
            projectDir: dir,
            stateDir,
            stack,
            config,
            passphrase,
            bundle: await bundledProgram(dir),
            providers: offlineProviders(revision),
            onRegistered: (resources) => (registered[revision] = resources),
            positions: revision === "head",
            ...run,
        });
    const before = new Map<string, ResourceState>();
    const registered: Plan["registered"] = { base: [], head: [] };
    if (base) {
        const engine = await engineOf("base", base);
        await at("base", () => engine.up());
        for (const state of await withoutProtection(engine)) before.set(state.urn, state);
    }
    const { steps } = await at("head", async () => (await engineOf("head", head)).preview());
    return { steps, before, registered };
}

async function at<T>(revision: "base" | "head", action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof Error) || error.name === "CancelledError") throw error;
        throw new RevisionError(revision, error);
    }
}

/**
 * Takes protection out of the state, which would end the preview at the first resource that it keeps, where all are to be told of.
 * @returns the resources as they were
 */
async function withoutProtection(engine: EmbeddedEngine): Promise<ResourceState[]> {
    const exported = await engine.exportState();
    const { resources } = exported.deployment;
    const open = resources.map((state) => ({ ...state, protect: undefined }));
    await engine.importState({ ...exported, deployment: { ...exported.deployment, resources: open } });
    return resources;
}
