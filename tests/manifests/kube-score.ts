/**
 * kube-score (https://github.com/zegl/kube-score): one stack's objects judged together, so that what selects and what is selected are
 * compared.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { manifestFiles } from "./rendered";
import type { Verdict } from "./verdict";

const run = promisify(execFile);

/**
 * Those of its optional checks that are about security and about names that must agree. The others want requests to equal limits, while the
 * systems' documents say both, and say them different.
 */
const OPTIONAL = ["container-seccomp-profile", "container-ports-check"];

/** The oldest that the target supports: nothing is judged by what newer clusters alone can do. */
const KUBERNETES_VERSION = "v1.30";

const ALL_WELL = 10;

interface Judged {
    type_meta: { kind: string };
    object_meta: { name: string; labels: Record<string, string> };
    checks: {
        check: { id: string };
        grade: number;
        skipped: boolean;
        comments: { path: string; summary: string }[] | null;
    }[];
}

export async function kubeScore(program: string, stack: string, directory: string): Promise<Verdict[]> {
    const optional = OPTIONAL.flatMap((check) => ["--enable-optional-test", check]);
    const options = ["--output-format", "json", "--kubernetes-version", KUBERNETES_VERSION, ...optional];
    const json = await judged(program, ["score", ...options, ...manifestFiles(directory)]);
    return (JSON.parse(json) as Judged[]).flatMap(({ type_meta: { kind }, object_meta: { name, labels }, checks }) =>
        checks
            .filter(({ skipped }) => !skipped)
            .map(({ check, grade, comments }) => ({
                tool: "kube-score" as const,
                check: check.id,
                stack,
                workload: labels["app.kubernetes.io/name"]!,
                object: `${kind} ${name}`,
                passed: grade >= ALL_WELL,
                said: (comments ?? []).map(({ summary }) => summary).join("; "),
            })),
    );
}

/** Exit code 1 says that there are findings, which are on standard output as ever. */
async function judged(program: string, args: string[]): Promise<string> {
    try {
        return (await run(program, args, { maxBuffer: 64 << 20 })).stdout;
    } catch (error) {
        const { code, stdout } = error as { code?: number; stdout?: string };
        if (code === 1 && stdout?.startsWith("[")) return stdout;
        throw error;
    }
}
