/** `Pulumi.yaml`. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { parse } from "yaml";

export interface Project {
    name: string;
    dir: string;
    /** Where the program runs: `main` of the project file, a directory, else the project's own. */
    programDir: string;
    /** What is run in it; "." means the entry point of its package.json. */
    entry: string;
    typescript: boolean;
    /** Its package.json says `"type": "module"`. */
    esm: boolean;
    /** tsconfig of the program, if the project names one that is there. */
    tsconfig?: string;
    nodeArgs: string[];
}

interface ProjectFile {
    name?: string;
    main?: string;
    runtime?: string | { name?: string; options?: { typescript?: boolean; tsconfig?: string; nodeargs?: string } };
}

/** @throws Error naming the file and what it lacks */
export function readProject(dir: string): Project {
    const path = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(dir, name)).find((name) => existsSync(name));
    if (!path) throw new Error(`There is no Pulumi.yaml in ${dir}. Run in a Pulumi project's directory.`);
    const file = (parse(readFileSync(path, "utf8")) ?? {}) as ProjectFile;
    const runtime = typeof file.runtime === "string" ? { name: file.runtime } : (file.runtime ?? {});
    if (!file.name) throw new Error(`${path} has no "name".`);
    if (runtime.name !== "nodejs") {
        throw new Error(
            `${path}: the embedded engine runs programs of the runtime "nodejs", not "${runtime.name ?? ""}". Use --engine pulumi.`,
        );
    }
    const options = runtime.options ?? {};
    const main = resolve(dir, file.main ?? ".");
    const isFile = /\.[cm]?[jt]s$/.test(main);
    const programDir = isFile ? resolve(main, "..") : main;
    return {
        name: file.name,
        dir: resolve(dir),
        programDir,
        esm: isEsm(programDir),
        entry: isFile ? main : ".",
        typescript: options.typescript !== false,
        tsconfig: tsconfigOf(programDir, options.tsconfig),
        nodeArgs: options.nodeargs ? options.nodeargs.split(/\s+/).filter(Boolean) : [],
    };
}

/** As the Pulumi CLI: from where the program runs, and none where there is no such file. */
function tsconfigOf(programDir: string, named: string | undefined): string | undefined {
    const path = named === undefined ? undefined : resolve(programDir, named);
    return path !== undefined && existsSync(path) ? path : undefined;
}

function isEsm(dir: string): boolean {
    const path = join(dir, "package.json");
    if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as { type?: string }).type === "module";
    return dirname(dir) !== dir && isEsm(dirname(dir));
}
