/** A stack file for one run of the Pulumi CLI: its `--config` would write into the stack's own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseDocument } from "yaml";

import { makeDirectory, writeWhole } from "../files";
import type { Project } from "../project";
import type { EngineConfig } from "./config";
import type { ResolvedStack } from "./resolve";
import { fromText } from "./text";

/** Keys that options can say over the file. */
const KEYS = ["groundwork:target", "groundwork:images"];

/**
 * Writes a copy of the stack's file with what the options say over it, under `.groundwork/`.
 * @returns its path, or undefined when the options say nothing
 */
export function overriddenFile(
    project: Project,
    stack: ResolvedStack,
    said: EngineConfig,
    wanted: EngineConfig,
): string | undefined {
    const changed = KEYS.filter((key) => wanted[key] !== undefined && wanted[key].value !== said[key]?.value);
    if (changed.length === 0) return undefined;
    const document = parseDocument(readFileSync(stack.file, "utf8"));
    for (const key of changed) {
        const text = wanted[key]!.value;
        document.setIn(["config", key], fromText(text));
    }
    const dir = join(project.dataDir, "overrides");
    makeDirectory(dir, 0o700);
    const path = join(dir, `Pulumi.${stack.name}.yaml`);
    writeWhole(path, document.toString(), { mode: 0o600 });
    return path;
}
