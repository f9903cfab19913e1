/** The real Pulumi CLI on a project of its own, whose program is this repository's: stack files and state stay out of the tree. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach } from "vitest";
import { parse, stringify } from "yaml";

import { findPulumi, readDigest } from "../../../packages/cli/src/engines/pulumi";
import type { PreviewDigest, UntypedDeployment } from "../../../packages/engine/src";
import { expectCode, finished, ROOT, type Result } from "../../e2e/support/sandbox";
import { PASSPHRASE } from "./stack";

/** Skips every test of the surrounding `describe`, with the reason, where there is no Pulumi CLI. */
export function needsPulumi(): void {
    beforeEach((context) => {
        if (!findPulumi()) context.skip("no Pulumi CLI: there is no `pulumi` on PATH");
    });
}

interface Stack {
    name: string;
    /** As in a stack file. */
    config: Record<string, unknown>;
    /** On top of this process's. */
    environment?: NodeJS.ProcessEnv;
    /** What judges every `up`: its directory. */
    policyPack?: string;
}

export class PulumiCli {
    private readonly project: string;

    /** @param dir An empty directory for the project and its state. */
    constructor(
        private readonly dir: string,
        private readonly stack: Stack,
    ) {
        this.project = join(dir, "project");
    }

    /** Makes the stack, without any resource in it. */
    async init(): Promise<void> {
        mkdirSync(this.project, { recursive: true });
        mkdirSync(join(this.dir, "backend"), { recursive: true });
        // The same project but for where its program is: Pulumi wants it below the project's directory.
        const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
        writeFileSync(join(this.project, "Pulumi.yaml"), stringify({ ...project, main: "program" }));
        symlinkSync(ROOT, join(this.project, "program"));
        const { name, config } = this.stack;
        writeFileSync(join(this.project, `Pulumi.${name}.yaml`), stringify({ config }));
        await this.run("stack", "init", name);
    }

    async preview(): Promise<PreviewDigest> {
        const { stdout } = await this.run("preview", "--json", "--stack", this.stack.name);
        return readDigest(stdout);
    }

    /** Throws, with what would change, unless nothing would. @param refresh asks the Docker engine how things are before */
    async expectNoChanges(refresh: boolean): Promise<void> {
        const args = ["--expect-no-changes", "--diff", "--stack", this.stack.name];
        await this.run("preview", ...args, ...(refresh ? ["--refresh"] : []));
    }

    async up(): Promise<void> {
        const { name, policyPack } = this.stack;
        const judged = policyPack === undefined ? [] : ["--policy-pack", policyPack];
        await this.run("up", "--yes", "--skip-preview", "--stack", name, ...judged);
    }

    async destroy(): Promise<void> {
        await this.run("destroy", "--yes", "--skip-preview", "--stack", this.stack.name);
    }

    async exportState(): Promise<UntypedDeployment> {
        const { stdout } = await this.run("stack", "export", "--stack", this.stack.name);
        return JSON.parse(stdout) as UntypedDeployment;
    }

    async importState(deployment: UntypedDeployment): Promise<void> {
        const file = join(this.dir, "import.json");
        writeFileSync(file, JSON.stringify(deployment));
        await this.run("stack", "import", "--file", file, "--stack", this.stack.name);
    }

    private async run(...args: string[]): Promise<Result> {
        const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
            cwd: this.project,
            env: {
                ...process.env,
                ...this.stack.environment,
                PULUMI_BACKEND_URL: `file://${join(this.dir, "backend")}`,
                PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const result = await finished(child);
        expectCode(result, 0);
        return result;
    }
}
