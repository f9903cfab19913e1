/** The Pulumi CLI, through its Automation API. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation";
import type { EngineEvent, PreviewDigest, UntypedDeployment, UpdateResult } from "@groundwork/engine/src/api";

import { FailedError, UsageError } from "../errors";
import type { Engine, EngineSettings, Run } from "./engine";

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
    const text = await translating(name, [], () =>
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
    return translating(stackName, [], () => LocalWorkspace.createOrSelectStack({ stackName, workDir }, { workDir }));
}

/** What the Automation API has no function for. */
async function runPulumi(args: string[], cwd: string, cancelSignal?: AbortSignal): Promise<string> {
    const { execa } = await import("execa");
    const { stdout } = await execa("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, cancelSignal });
    return stdout;
}

class PulumiEngine implements Engine {
    readonly kind = "pulumi";

    constructor(
        private readonly stack: Stack,
        private readonly settings: EngineSettings,
    ) {}

    async preview({ destroy = false }: { destroy?: boolean } = {}, run: Run = {}): Promise<PreviewDigest> {
        const { configFile, parallel, policyPacks, stack } = this.settings;
        const args = [
            ...(destroy ? ["destroy", "--preview-only"] : ["preview"]),
            ...["--json", "--stack", stack],
            ...(configFile === undefined ? [] : ["--config-file", configFile]),
            ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
            ...(destroy ? [] : policyPacks.flatMap((dir) => ["--policy-pack", dir])),
        ];
        return readDigest(await this.run([], () => runPulumi(args, this.settings.projectDir, forwarded(run))));
    }

    async up(run: Run = {}): Promise<UpdateResult> {
        const { options, violations } = this.follow(run);
        const { policyPacks } = this.settings;
        const result = await this.run(violations, () => this.stack.up({ ...options, policyPacks }));
        return this.result(result.summary);
    }

    async destroy(
        { excludeProtected = false }: { excludeProtected?: boolean } = {},
        run: Run = {},
    ): Promise<UpdateResult> {
        const { options, violations } = this.follow(run);
        const result = await this.run(violations, () => this.stack.destroy({ ...options, excludeProtected }));
        return { ...(await this.result(result.summary)), outputs: {} };
    }

    async refresh({ preview = false }: { preview?: boolean } = {}, run: Run = {}): Promise<UpdateResult> {
        const { options, violations } = this.follow(run);
        if (preview) {
            const result = await this.run(violations, () => this.stack.previewRefresh(options));
            return { changes: result.changeSummary as UpdateResult["changes"], outputs: {}, durationSeconds: 0 };
        }
        const result = await this.run(violations, () => this.stack.refresh(options));
        return this.result(result.summary);
    }

    outputs(): Promise<UpdateResult["outputs"]> {
        return this.run([], () => this.stack.outputs());
    }

    async exportState({ showSecrets = false }: { showSecrets?: boolean } = {}): Promise<UntypedDeployment> {
        if (!showSecrets) {
            // The Automation API always asks for plaintext.
            const args = ["stack", "export", "--stack", this.settings.stack];
            return JSON.parse(await this.run([], () => runPulumi(args, this.settings.projectDir))) as UntypedDeployment;
        }
        return (await this.run([], () => this.stack.exportStack())) as UntypedDeployment;
    }

    async importState(deployment: UntypedDeployment): Promise<void> {
        await this.run([], () => this.stack.importStack(deployment));
    }

    async unlock(): Promise<undefined> {
        await this.run([], () => this.stack.cancel());
        return undefined;
    }

    private async result(summary: { resourceChanges?: object; startTime: Date; endTime: Date }): Promise<UpdateResult> {
        const seconds = (new Date(summary.endTime).getTime() - new Date(summary.startTime).getTime()) / 1000;
        return { changes: summary.resourceChanges ?? {}, outputs: await this.outputs(), durationSeconds: seconds };
    }

    private follow(run: Run) {
        const violations: Violation[] = [];
        const onEvent = (event: EngineEvent): void => {
            const policy = event.policyEvent;
            if (policy?.enforcementLevel === "mandatory") {
                violations.push({ policy: policy.policyName, urn: policy.resourceUrn ?? "", message: policy.message });
            }
            run.onEvent?.(event);
        };
        const { parallel, configFile } = this.settings;
        const options = { onEvent, parallel, configFile, color: "never" as const, signal: forwarded(run) };
        return { options, violations };
    }

    private run<T>(violations: Violation[], action: () => Promise<T>): Promise<T> {
        return translating(this.settings.stack, violations, action);
    }
}

interface Violation {
    policy: string;
    urn: string;
    message: string;
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

/** The CLI's failures as this program's errors: locked, policy, or the CLI's own message without the Automation API's wrapping. */
async function translating<T>(stack: string, violations: Violation[], action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        throw translate(error as Error, stack, violations);
    }
}

export function translate(error: Error, stack: string, violations: Violation[]): Error {
    if (error.name === "ConcurrentUpdateError") {
        const locked = new Error(
            `Stack "${stack}" is locked by another update. Wait for it to end; if it is gone for good, run "gw state unlock --stack ${stack} --engine pulumi".`,
            { cause: error },
        );
        locked.name = "LockedError";
        return locked;
    }
    if (violations.length > 0) {
        const policy = new Error(violations.map((v) => `${v.policy}: ${v.urn}: ${v.message}`).join("\n"), {
            cause: error,
        });
        policy.name = "PolicyError";
        return policy;
    }
    // The Automation API keeps what the CLI said in `commandResult`, execa beside the message.
    const said = error as { commandResult?: { stderr: string; stdout: string }; stderr?: string; stdout?: string };
    const { stderr, stdout } = said.commandResult ?? said;
    const text = (stderr || stdout || error.message).trim();
    const failed = new FailedError(`pulumi: ${text}`);
    failed.cause = error;
    return failed;
}
