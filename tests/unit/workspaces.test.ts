/**
 * Each package lists what its code imports. npm puts most packages into one folder, where an import is found whoever lists it: it breaks
 * only when whoever does stops, or when a package is installed alone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";

import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = join(__dirname, "../..");
const WORKSPACES = manifestOf("").workspaces!.flatMap((pattern) =>
    pattern.endsWith("/*")
        ? readdirSync(join(ROOT, dirname(pattern))).map((name) => join(dirname(pattern), name))
        : [pattern],
);

/** Nothing of these runs in a program that is deployed. */
const DEVELOPMENT = /^(tests\/|config\/generate\.ts$|[^/]+\.config\.m[jt]s$)/;

interface Imported {
    file: string;
    name: string;
    /** Gone when it runs. */
    typeOnly: boolean;
}

function manifestOf(workspace: string) {
    return JSON.parse(readFileSync(join(ROOT, workspace, "package.json"), "utf8")) as {
        workspaces?: string[];
        dependencies?: Record<string, string>;
        devDependencies?: Record<string, string>;
    };
}

function* sources(directory: string): Generator<string> {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)) yield path;
        const foreign = /^(\..*|node_modules|reports|coverage)$/.test(entry.name);
        if (entry.isDirectory() && !foreign && !WORKSPACES.includes(relative(ROOT, path))) yield* sources(path);
    }
}

function importsOf(path: string): Imported[] {
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
    const found: Imported[] = [];
    const add = (module: ts.Node | undefined, typeOnly: boolean) => {
        if (!module || !ts.isStringLiteralLike(module) || /^[./]/.test(module.text) || isBuiltin(module.text)) return;
        const name = module.text.split("/", module.text.startsWith("@") ? 2 : 1).join("/");
        found.push({ file: relative(ROOT, path), name, typeOnly });
    };
    const visit = (node: ts.Node): void => {
        if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
        if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
        if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
        if (ts.isCallExpression(node) && /^(import|require|require\.resolve)$/.test(node.expression.getText(source))) {
            add(node.arguments[0], false);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
    if (!clause) return false;
    const named = clause.namedBindings;
    const allTypes = named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
    return clause.isTypeOnly || (!clause.name && allTypes === true);
}

describe("package.json lists what is imported", () => {
    test.each(["", ...WORKSPACES])("in /%s", (workspace) => {
        const manifest = manifestOf(workspace);
        const running = new Set(Object.keys(manifest.dependencies ?? {}));
        const any = new Set([...running, ...Object.keys(manifest.devDependencies ?? {})]);
        const imports = [...sources(join(ROOT, workspace))].flatMap(importsOf);
        expect(imports.length).toBeGreaterThan(0);

        const missing = imports
            .filter(({ file, name, typeOnly }) => {
                const types = name.startsWith("@") ? name.slice(1).replace("/", "__") : name;
                if (typeOnly) return !any.has(name) && !any.has(`@types/${types}`);
                return !(DEVELOPMENT.test(file) ? any : running).has(name);
            })
            .map(({ file, name, typeOnly }) => `${file} imports ${name}${typeOnly ? " (types)" : ""}`);
        expect([...new Set(missing)]).toEqual([]);
    });
});
