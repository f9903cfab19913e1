/** A bundle that is kept is what its sources would make now, or is not used. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import type * as bundling from "../../packages/bundle/bundle.cjs";
import { REPOSITORY, temporary } from "./cli/fixtures";

const MESSAGE = 'export const message = "as it was";\n';

/** A repository with one source, which asks for another and for a package. */
let root: string;
let bundler: typeof bundling;
let options: bundling.BundleOptions;
beforeEach(async () => {
    root = temporary();
    cpSync(join(REPOSITORY, "packages/bundle"), join(root, "packages/bundle"), { recursive: true });
    mkdirSync(join(root, "node_modules/adder"), { recursive: true });
    symlinkSync(join(REPOSITORY, "node_modules/esbuild"), join(root, "node_modules/esbuild"));
    write("package-lock.json", "{}");
    write("node_modules/.package-lock.json", "{}");
    write("node_modules/adder/index.js", "module.exports = (a, b) => a + b;\n");
    write("message.ts", MESSAGE);
    write(
        "main.ts",
        'import add = require("adder");\nimport { message } from "./message";\nmodule.exports = { sum: add(1, 2), message };\n',
    );
    write("launch.cjs", "");
    // By its own path it finds its repository.
    bundler = (await import(join(root, "packages/bundle/bundle.cjs"))) as typeof bundling;
    options = {
        entry: join(root, "main.ts"),
        cacheName: "main",
        launcher: join(root, "launch.cjs"),
        bundlePackages: true,
    };
});

function write(file: string, text: string): void {
    writeFileSync(join(root, file), text);
}

/** What is run now, by what is kept or made anew. */
async function started(): Promise<unknown> {
    return bundler.loadCompiled(bundler.cached(options) ?? (await bundler.build(options)));
}

/** What V8 has compiled of it. */
function compiledOf({ bundle }: bundling.Bundle): string {
    const name = readdirSync(dirname(bundle)).find((file) => file.startsWith(basename(bundle)) && file.endsWith(".v8"));
    return join(dirname(bundle), name!);
}

describe("a bundle", () => {
    it("is made once", async () => {
        const made = await bundler.build(options);
        expect(bundler.cached(options)).toEqual(made);
        expect(await started()).toEqual({ sum: 3, message: "as it was" });
    });

    it.each([
        ["a source", "message.ts", MESSAGE.replace("was", "is!"), { sum: 3, message: "as it is!" }],
        [
            "a file of a package",
            "node_modules/adder/index.js",
            "module.exports = (a, b) => a * b;\n",
            { sum: 2, message: "as it was" },
        ],
    ])("is made anew after a change of %s, also of one of the same length", async (_, file, text, now) => {
        await started();
        expect(readFileSync(join(root, file), "utf8")).toHaveLength(text.length);
        write(file, text);
        expect(bundler.cached(options)).toBeUndefined();
        expect(await started()).toEqual(now);
    });

    it.each(["package-lock.json", "node_modules/.package-lock.json", "launch.cjs", "packages/bundle/bundle.cjs"])(
        "is made anew after a change of %s",
        async (file) => {
            await bundler.build(options);
            write(file, `${readFileSync(join(root, file), "utf8")}\n`);
            expect(bundler.cached(options)).toBeUndefined();
        },
    );

    it("is made anew when a source is gone", async () => {
        await bundler.build(options);
        write("main.ts", "module.exports = 1;\n");
        await bundler.build(options);
        expect(bundler.cached(options)).toBeDefined();
        write("main.ts", 'export { message } from "./message";\n');
        expect(bundler.cached(options)).toBeUndefined();
    });

    it("has its packages in it, but for those that stay apart", async () => {
        write("node_modules/adder/index.js", "module.exports = (a, b) => a - b;\n");
        const made = await bundler.build(options);
        expect(made.code).toContain("a - b");
        const apart = await bundler.build({ ...options, external: ["adder"] });
        expect(apart.code).not.toContain("a - b");
        expect(bundler.loadCompiled(apart)).toEqual({ sum: -1, message: "as it was" });
    });

    it("leaves native code where it is, and to those that do without where there is none", async () => {
        write(
            "node_modules/adder/index.js",
            "let fast;\ntry { fast = require('./build/fast.node'); } catch { fast = (a, b) => a + b; }\nmodule.exports = fast;\n",
        );
        expect(await started()).toEqual({ sum: 3, message: "as it was" });
        mkdirSync(join(root, "node_modules/adder/build"));
        write("node_modules/adder/build/fast.node", "no native code");
        const { code } = await bundler.build(options);
        expect(code).toContain(JSON.stringify(join(root, "node_modules/adder/build/fast.node")));
    });

    it("has a map, so that stacks name its sources", async () => {
        write("message.ts", "\n\nthrow new Error('on the third line');\nexport const message = '';\n");
        const load = `const { cached, load } = require(${JSON.stringify(join(root, "packages/bundle/bundle.cjs"))});
            load(cached(${JSON.stringify(options)}));`;
        await bundler.build(options);
        const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", "--eval", load], { encoding: "utf8" });
        expect(stderr).toContain(`${join(root, "message.ts")}:3:7`);
    });

    it("that is not what was made is not used", async () => {
        const { bundle, code } = await bundler.build(options);
        writeFileSync(bundle, code.replace("as it was", "as it is!"));
        expect(bundler.cached(options)).toBeUndefined();
    });
});

describe("what V8 has compiled", () => {
    let made: bundling.Bundle;
    beforeEach(async () => {
        made = await bundler.build(options);
        bundler.loadCompiled(made);
    });

    it("is kept beside the bundle, and used", async () => {
        const { ino } = statSync(compiledOf(made));
        expect(await started()).toEqual({ sum: 3, message: "as it was" });
        expect(statSync(compiledOf(made)).ino).toBe(ino);
    });

    it("of another bundle is not used, though V8 would take it for that of any of the same length", async () => {
        const other = readFileSync(compiledOf(made));
        write("message.ts", MESSAGE.replace("was", "is!"));
        const now = await bundler.build(options);
        expect(now.code).toHaveLength(made.code.length);
        bundler.loadCompiled(now);
        writeFileSync(compiledOf(now), other);
        expect(await started()).toEqual({ sum: 3, message: "as it is!" });
    });

    it("imports packages that stay apart when it is asked to", async () => {
        write("node_modules/adder/index.mjs", "export const sum = 3;\n");
        write("node_modules/adder/package.json", '{ "exports": { "import": "./index.mjs", "default": "./index.js" } }');
        write("main.ts", '"use strict";\nexport const later = async () => (await import("adder")) as object;\n');
        const apart = { ...options, external: ["adder"] };
        expect((await bundler.build(apart)).code).toMatch(/^"use strict";/);
        const asked = async (load: (bundle: bundling.Bundle) => unknown): Promise<object> =>
            (load(bundler.cached(apart)!) as { later(): Promise<object> }).later();
        const outcome = [
            await asked(bundler.loadCompiled),
            await asked(bundler.loadCompiled),
            await asked(bundler.load),
        ];
        expect(outcome).toEqual([1, 2, 3].map(() => expect.objectContaining({ default: expect.any(Function) })));
    });

    it("that is broken is replaced", async () => {
        const compiled = readFileSync(compiledOf(made));
        writeFileSync(compiledOf(made), compiled.subarray(0, compiled.length / 2));
        expect(await started()).toEqual({ sum: 3, message: "as it was" });
        expect(readFileSync(compiledOf(made))).toHaveLength(compiled.length);
    });
});
