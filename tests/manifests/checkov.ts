/** checkov (https://www.checkov.io): its checks of Kubernetes objects, and its search for secrets in the files. */
import { execFile } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { readObject } from "./rendered";
import type { Verdict } from "./verdict";

const run = promisify(execFile);

interface Report {
    check_type: string;
    results: Record<"passed_checks" | "failed_checks", { check_id: string; check_name: string; file_path: string }[]>;
    summary: { parsing_errors: number };
}

/** @param directory with one directory for each stack: starting takes it longer than judging */
export async function checkov(python: string, directory: string): Promise<Verdict[]> {
    // Without --skip-download it asks its maker's server for descriptions.
    const options = ["--compact", "--skip-download", "--soft-fail", "--output", "json"];
    const args = ["-m", "checkov.main", "--framework", "kubernetes", "secrets", ...options, "--directory", directory];
    const { stdout } = await run(python, args, { maxBuffer: 256 << 20 });
    const reports = [JSON.parse(stdout) as Report | Report[]].flat();
    const unread = reports.reduce((sum, { summary }) => sum + summary.parsing_errors, 0);
    if (unread > 0) throw new Error(`checkov could not read ${unread} files of ${directory}.`);
    return reports.flatMap(({ results }) => [
        ...verdicts(results.passed_checks, true, directory),
        ...verdicts(results.failed_checks, false, directory),
    ]);
}

function verdicts(found: Report["results"]["passed_checks"], passed: boolean, directory: string): Verdict[] {
    return found.map(({ check_id, check_name, file_path }) => {
        const stack = basename(dirname(file_path));
        const judged = { tool: "checkov" as const, check: check_id, stack, passed, said: check_name };
        const file = basename(file_path);
        // Secrets are searched for in the page about them too.
        if (!file.endsWith(".yaml")) return { ...judged, workload: file, object: file };
        const { kind, name, workload } = readObject(join(directory, stack, file));
        return { ...judged, workload, object: `${kind} ${name}` };
    });
}
