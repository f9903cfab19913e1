/** The stacks of a revision, and what the program is given for each. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

import { readStackFile } from "../../../../config/stack-file";
import { type Environment, ENVIRONMENTS, SYSTEM_KEYS, type SystemKey } from "../../../../systems/types";
import { compare } from "../../../../targets/order";
import { FailedError } from "../errors";
import { runProcess } from "../process";
import { type Project, stacksWithFile } from "../project";
import { type EngineConfig, plainConfig, readStack } from "../stack/config";
import { resolveStack } from "../stack/resolve";

export interface StackName {
    stack: string;
    /** Absent: the file does not say, or cannot be read. */
    system?: SystemKey;
    environment?: Environment;
}

/** Those with a file; and of each environment with a file, every other system, as `--system` means it. */
export async function stacksOf(project: Project): Promise<StackName[]> {
    const files = await Promise.all(stacksWithFile(project).map((name) => described(project, name)));
    const named = new Set(files.map(({ stack }) => stack));
    const others = files.flatMap(({ stack, system, environment }): StackName[] =>
        stack !== environment
            ? []
            : SYSTEM_KEYS.filter((key) => key !== system && !named.has(`${key}-${environment}`)).map((key) => ({
                  stack: `${key}-${environment}`,
                  system: key,
                  environment,
              })),
    );
    return [...files, ...others];
}

async function described(project: Project, stack: string): Promise<StackName> {
    const { file } = resolveStack(project, { stack });
    try {
        const { config } = await readStackFile(file, () => "");
        const [system, environment] = ["system", "environment"].map((key) => config[`groundwork:${key}`]?.value);
        return {
            stack,
            system: SYSTEM_KEYS.find((key) => key === system),
            environment: ENVIRONMENTS.find((key) => key === environment),
        };
    } catch (error) {
        // Said where the stack is planned.
        if (error instanceof Error && error.name === "ConfigError") return { stack };
        throw error;
    }
}

/** By system and environment as a document lists them, then by name. */
export function inOrder(stacks: StackName[]): StackName[] {
    const rank = ({ system, environment }: StackName): number =>
        ENVIRONMENTS.length * SYSTEM_KEYS.indexOf(system as SystemKey) +
        ENVIRONMENTS.indexOf(environment as Environment);
    return stacks.slice().sort((a, b) => rank(a) - rank(b) || compare(a.stack, b.stack));
}

/** What one revision's program is given for a stack. */
export interface Given {
    config: EngineConfig;
    /** Names of the volumes whose content is made anew. */
    temporaryVolumes: string[];
}

/** What a stack's file says at a revision. @throws ConfigError when it cannot be read; no secret is opened */
export async function closedConfig(project: Project, name: string): Promise<EngineConfig> {
    const stack = resolveStack(project, { stack: name });
    const closed = await readStack(project.dir, stack);
    return plainConfig(project.dir, stack, closed, () => Promise.resolve({ decrypt: token }));
}

/** Stands for a secret that nobody opens: another ciphertext is another secret. */
function token(ciphertext: string): string {
    return createHash("sha256").update(ciphertext).digest("hex");
}

interface Answer {
    secrets: Record<string, string>;
    temporaryVolumes: string[];
}

/**
 * Asks a revision's own sources what its stacks need beside their files: made-up texts in the place of secrets, among them those that only
 * their owner has.
 * @throws FailedError when those sources do not run
 */
export async function givenTo(projectDir: string, configs: EngineConfig[], signal?: AbortSignal): Promise<Given[]> {
    if (configs.length === 0) return [];
    const asked = configs.map((config) => ({
        raw: Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
        secretKeys: Object.keys(config).filter((key) => config[key]!.secret),
    }));
    const loader = createRequire(__filename).resolve("tsx/cjs");
    const args = ["--require", loader, join(__dirname, "ask-revision.cjs")];
    const options = { cwd: projectDir, input: JSON.stringify(asked), signal };
    const { stdout, problem, failed } = await runProcess(process.execPath, args, options);
    if (failed) throw new FailedError(`Its configuration cannot be read by its own sources:\n${problem}`);
    const answers = JSON.parse(stdout) as Answer[];
    return answers.map(({ secrets, temporaryVolumes }, i) => ({
        config: withSecrets(configs[i]!, secrets),
        temporaryVolumes,
    }));
}

function withSecrets(config: EngineConfig, secrets: Record<string, string>): EngineConfig {
    if (Object.keys(secrets).length === 0) return config;
    return { ...config, "groundwork:secrets": { value: JSON.stringify(secrets), secret: true } };
}
