/**
 * `npm run generate`: writes what is made from the config schema, the systems and the policy rules. `npm run generate -- --check` writes nothing and exits with 1
 * when a file is stale.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { format, resolveConfig } from "prettier";

import { policyPages } from "../policies/docs/pages";
import { systemsPage } from "../systems/page";
import { configDocs } from "./docs";
import { stackFileSchema } from "./json-schema";

const ROOT = join(__dirname, "..");

const POLICIES = join(ROOT, "docs", "policies");

export interface Generated {
    file: string;
    content: string;
}

/** Every generated file as it should be, formatted as the repository formats. */
export async function generate(): Promise<Generated[]> {
    return [
        await formatted(join(ROOT, "docs", "config.md"), configDocs()),
        await formatted(join(ROOT, "docs", "systems.md"), systemsPage()),
        // Not schema.json: Pulumi's loader would take it for the module "./schema", since it tries .json before .ts.
        await formatted(join(ROOT, "config", "stack.schema.json"), JSON.stringify(stackFileSchema())),
        ...(await Promise.all(policyPages().map(({ name, content }) => formatted(join(POLICIES, name), content)))),
    ];
}

/** Those whose file is missing or says something else. */
export async function staleFiles(): Promise<Generated[]> {
    const all = await generate();
    const current = await Promise.all(all.map(({ file }) => readIfThere(file)));
    return all.filter(({ content }, index) => content !== current[index]);
}

async function formatted(file: string, content: string): Promise<Generated> {
    return { file, content: await format(content, { ...(await resolveConfig(file)), filepath: file }) };
}

async function readIfThere(file: string): Promise<string | undefined> {
    try {
        return await readFile(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

async function main(check: boolean): Promise<void> {
    const stale = await staleFiles();
    for (const { file, content } of stale) {
        if (!check) {
            await mkdir(dirname(file), { recursive: true });
            await writeFile(file, content);
        }
        console.log(`${check ? "stale" : "written"}: ${relative(ROOT, file)}`);
    }
    if (check && stale.length > 0) {
        console.error("Run `npm run generate` and commit what it writes.");
        process.exitCode = 1;
    } else if (stale.length === 0) {
        console.log("Everything generated is up to date.");
    }
}

if (require.main === module) {
    void main(process.argv.includes("--check"));
}
