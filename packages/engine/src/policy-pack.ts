/**
 * Starts a policy pack: with `@pulumi/pulumi/cmd/run-policy-pack`, from the SDK that the pack itself uses, or by what the pack names for
 * it.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

import type { EngineOptions } from "./api";
import { configEnvironment, NODE_ARGS, PRELOAD, resolveFrom, sendEnvironment, type OnOutput } from "./program";
import type { Project } from "./project";
import { MESSAGE_LIMITS, policyProto, proto } from "./proto";

export interface PolicyPackProcess {
    dir: string;
    /** Resolves when the pack answers. @throws Error with what the pack said when it does not come up */
    client: Promise<AnalyzerClient>;
    stop(): void;
}

export function startPolicyPack(
    dir: string,
    project: Project,
    options: EngineOptions,
    dryRun: boolean,
    engineAddress: string,
    onOutput: OnOutput,
): PolicyPackProcess {
    const run = analyzerOf(dir) ?? resolveFrom(dir, "@pulumi/pulumi/cmd/run-policy-pack/index.js");
    const child = spawn(process.execPath, [...NODE_ARGS, "--require", PRELOAD, run, engineAddress, "."], {
        cwd: dir,
        env: { ...process.env, ...options.env },
        stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    sendEnvironment(child, {
        ...configEnvironment(options),
        PULUMI_NODEJS_ORGANIZATION: "organization",
        PULUMI_NODEJS_PROJECT: project.name,
        PULUMI_NODEJS_STACK: options.stack,
        PULUMI_NODEJS_DRY_RUN: String(dryRun),
    });
    const said: string[] = [];
    let opened: AnalyzerClient | undefined;
    const client = new Promise<AnalyzerClient>((resolve, reject) => {
        createInterface({ input: child.stdout! }).on("line", (line) => {
            // The first thing it says is its port.
            if (!opened && /^\d+$/.test(line)) resolve((opened = connect(Number(line))));
            else onOutput(line, "stdout");
        });
        createInterface({ input: child.stderr! }).on("line", (line) => {
            said.push(line);
            onOutput(line, "stderr");
        });
        child.on("error", reject);
        child.on("close", (code) =>
            reject(
                new Error(
                    `The policy pack ${dir} ended with exit code ${code} before it answered.\n${said.join("\n")}`.trim(),
                ),
            ),
        );
    });
    // It may fail before anybody waits for it.
    client.catch(() => undefined);
    return {
        dir,
        client,
        stop: () => {
            opened?.close();
            child.kill("SIGKILL");
        },
    };
}

/** What the pack's package.json names in `groundwork.analyzer`: a file that serves the protocol by itself, without Pulumi's runner. */
function analyzerOf(dir: string): string | undefined {
    let manifest: { groundwork?: { analyzer?: string } };
    try {
        manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as typeof manifest;
    } catch {
        // The runner says what is wrong with it.
        return undefined;
    }
    const analyzer = manifest.groundwork?.analyzer;
    return analyzer && join(dir, analyzer);
}

function connect(port: number): AnalyzerClient {
    const { grpc } = proto();
    const { AnalyzerClient: Client } = policyProto().analyzerService;
    return new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), MESSAGE_LIMITS);
}
