/** The Pulumi CLI, through its Automation API. */
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation";
import type {
    EngineEvent,
    PreviewDigest,
    PreviewOptions,
    UntypedDeployment,
    UpdateResult,
} from "@groundwork/engine/api";

import { UsageError } from "../errors";
import { runProcess } from "../process";
import type { Engine, EngineSettings, Run } from "./engine";
import { Told } from "./pulumi-failure";

/** Path of the `pulumi` on PATH. */
export function findPulumi(env: NodeJS.ProcessEnv = process.env): string | undefined {
    const name = process.platform === "win32" ? "pulumi.exe" : "pulumi";
    return (env["PATH"] ?? "")
        .split(delimiter)
        .map((dir) => join(dir, name))
        .find((path) => {
            try {
                accessSync(path, constants.X_OK);
                return true;
            } catch {
                return false;
            }
        });
}

/**
 * The configuration of a stack with its secrets in plaintext, by full key, whichever provider encrypts them.
 * @throws UsageError when there is no Pulumi CLI
 */
export async function pulumiConfig(
    settings: Pick<EngineSettings, "projectDir" | "stack">,
): Promise<Record<string, string>> {
    const stack = await selectStack(settings);
    const { projectDir, stack: name } = settings;
    const text = await translating(name, () =>
        runPulumi(["config", "--json", "--show-secrets", "--stack", stack.name], projectDir),
    );
    const entries = Object.entries(JSON.parse(text) as Record<string, { value?: string }>);
    return Object.fromEntries(entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])));
}

/** @throws UsageError when there is no Pulumi CLI */
export async function openPulumi(settings: EngineSettings): Promise<Engine> {
    return new PulumiEngine(await selectStack(settings), settings);
}

async function selectStack(settings: Pick<EngineSettings, "projectDir" | "stack">): Promise<Stack> {
    if (findPulumi() === undefined) {
        throw new UsageError(
            "The Pulumi CLI is not on PATH.",
            "Install it: https://www.pulumi.com/docs/install/ (curl -fsSL https://get.pulumi.com | sh).\n" +
                "Or run with --engine embedded, which needs no Pulumi CLI and keeps its state in .groundwork/state/.",
        );
    }
    // Loading it takes most of a second, which a machine without the CLI need not wait for.
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const { projectDir: workDir, stack: stackName } = settings;
    return translating(stackName, () => LocalWorkspace.createOrSelectStack({ stackName, workDir }, { workDir }));
}

/** What the Automation API has no function for. */
async function runPulumi(args: string[], cwd: string, signal?: AbortSignal): Promise<string> {
    // The CLI takes `--event-log` only with this, as the Automation API sets it.
    const env = { PULUMI_DEBUG_COMMANDS: "true" };
    const command = [...args, "--non-interactive", "--color", "never"];
    const { failed, stdout, stderr, problem } = await runProcess("pulumi", command, { cwd, env, signal });
    if (failed) throw Object.assign(new Error(problem), { stdout, stderr });
    return stdout;
}

class PulumiEngine implements Engine {
    readonly kind = "pulumi";

    constructor(
        private readonly stack: Stack,
        private readonly settings: EngineSettings,
    ) {}

    async preview({ destroy }: PreviewOptions = {}, run: Run = {}): Promise<PreviewDigest> {
        const { configFile, parallel, policyPacks, stack } = this.settings;
        const args = [
            ...(destroy ? ["destroy", "--preview-only"] : ["preview"]),
            ...(destroy?.excludeProtected ? ["--exclude-protected"] : []),
            ...["--json", "--stack", stack],
            ...(configFile === undefined ? [] : ["--config-file", configFile]),
            ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
            ...(destroy ? [] : policyPacks.flatMap((dir) => ["--policy-pack", dir])),
        ];
        // The digest does not say which policies are violated.
        const dir = mkdtempSync(join(tmpdir(), "groundwork-preview-"));
        const log = join(dir, "events");
        try {
            const preview = (): Promise<string> =>
                runPulumi([...args, "--event-log", log], this.settings.projectDir, forwarded(run));
            return readDigest(await this.run(preview, new Told(log)));
        } finally {
            rmSync(dir, { recursive: true });
        }
    }

    async up(run: Run = {}): Promise<UpdateResult> {
        const { options, told } = this.follow(run);
        const { policyPacks } = this.settings;
        const result = await this.run(() => this.stack.up({ ...options, policyPacks }), told);
        return this.result(result.summary);
    }

    async destroy(
        { excludeProtected = false }: { excludeProtected?: boolean } = {},
        run: Run = {},
    ): Promise<UpdateResult> {
        const { options, told } = this.follow(run);
        const result = await this.run(() => this.stack.destroy({ ...options, excludeProtected }), told);
        return { ...(await this.result(result.summary)), outputs: {} };
    }

    async refresh({ preview = false }: { preview?: boolean } = {}, run: Run = {}): Promise<UpdateResult> {
        const { options, told } = this.follow(run);
        if (preview) {
            const result = await this.run(() => this.stack.previewRefresh(options), told);
            return { changes: result.changeSummary as UpdateResult["changes"], outputs: {}, durationSeconds: 0 };
        }
        const result = await this.run(() => this.stack.refresh(options), told);
        return this.result(result.summary);
    }

    outputs(): Promise<UpdateResult["outputs"]> {
        return this.run(() => this.stack.outputs());
    }

    async exportState({ showSecrets = false }: { showSecrets?: boolean } = {}): Promise<UntypedDeployment> {
        if (!showSecrets) {
            // The Automation API always asks for plaintext.
            const args = ["stack", "export", "--stack", this.settings.stack];
            return JSON.parse(await this.run(() => runPulumi(args, this.settings.projectDir))) as UntypedDeployment;
        }
        return (await this.run(() => this.stack.exportStack())) as UntypedDeployment;
    }

    async importState(deployment: UntypedDeployment): Promise<void> {
        await this.run(() => this.stack.importStack(deployment));
    }

    async unlock(): Promise<undefined> {
        await this.run(() => this.stack.cancel());
        return undefined;
    }

    private async result(summary: { resourceChanges?: object; startTime: Date; endTime: Date }): Promise<UpdateResult> {
        const seconds = (new Date(summary.endTime).getTime() - new Date(summary.startTime).getTime()) / 1000;
        return { changes: summary.resourceChanges ?? {}, outputs: await this.outputs(), durationSeconds: seconds };
    }

    private follow(run: Run) {
        const told = new Told();
        const onEvent = (event: EngineEvent): void => {
            told.hear(event);
            run.onEvent?.(event);
        };
        const { parallel, configFile } = this.settings;
        const options = { onEvent, parallel, configFile, color: "never" as const, signal: forwarded(run) };
        return { options, told };
    }

    private run<T>(action: () => Promise<T>, told?: Told): Promise<T> {
        return translating(this.settings.stack, action, told);
    }
}

/** On a terminal, Ctrl-C reaches the CLI by itself; a second signal from us would make it stop at once. */
function forwarded(run: Run): AbortSignal | undefined {
    return process.stdin.isTTY ? undefined : run.signal;
}

/** The digest is the last JSON document that the CLI prints; older ones print warnings before it. */
export function readDigest(stdout: string): PreviewDigest {
    const start = stdout.startsWith("{") ? 0 : stdout.indexOf("\n{") + 1;
    return JSON.parse(stdout.slice(start)) as PreviewDigest;
}

/** @param told what the run's events say of a failure */
async function translating<T>(stack: string, action: () => Promise<T>, told = new Told()): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if ((error as Error).name === "CancelledError") throw error;
        throw told.explain(error as Error, stack);
    }
}
