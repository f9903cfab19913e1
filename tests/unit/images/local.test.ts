import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { IMAGES_ROOT, LocalImages, localImageRef, STAND_INS } from "../../../images/local";

let repository: string;
let root: string;

/** Sees the files as they are now. */
function ref(key: string): string {
    return new LocalImages(root).get(key).ref;
}

beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), "groundwork-images-"));
    root = join(repository, "images");
    const local = ["base", "node", "postgres", "pgbouncer", "redis", "caddy", "memgraph", "sample-app", "versitygw"];
    const folders = [...local, "../packages/backup"];
    for (const folder of folders) {
        cpSync(join(IMAGES_ROOT, folder), join(root, folder), {
            recursive: true,
            filter: (path) => !path.includes("node_modules"),
        });
    }
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

describe("names of local images", () => {
    it("are valid references for every key of the catalog that can be built, no two alike", () => {
        const refs = STAND_INS.map(localImageRef);
        for (const [i, key] of STAND_INS.entries()) {
            expect(refs[i]).toMatch(new RegExp(`^groundwork\\.local/${key}:[0-9a-f]{12}$`));
        }
        expect(new Set(refs).size).toBe(refs.length);
    });

    it("are the same for the same sources, wherever they are", () => {
        for (const key of STAND_INS) expect(ref(key)).toBe(localImageRef(key));
    });

    it("differ by build argument within a folder", () => {
        const digest = (key: string) => ref(key).split(":")[1];
        expect(digest("debt-os-api")).not.toBe(digest("debt-os-worker"));
        expect(digest("redis-7")).toBe(digest("redis-7-alpine"));
    });

    it("change with a file's content, name and executable bit, and with no other image's", () => {
        const seen = new Set([ref("redis-7")]);
        const others = [ref("caddy"), ref("postgres-15"), ref("debt-os-api")];
        const change = (how: () => void) => {
            how();
            const changed = ref("redis-7");
            expect(seen.has(changed)).toBe(false);
            seen.add(changed);
        };
        change(() => writeFileSync(join(root, "redis/extra.txt"), "1"));
        change(() => writeFileSync(join(root, "redis/extra.txt"), "2"));
        change(() => chmodSync(join(root, "redis/extra.txt"), 0o755));
        change(() => cpSync(join(root, "redis/extra.txt"), join(root, "redis/other.txt")));
        expect([ref("caddy"), ref("postgres-15"), ref("debt-os-api")]).toEqual(others);
    });

    it("change with what they build on, however far down", () => {
        const keys = ["redis-7", "debt-os-api", "memgraph"];
        const before = keys.map(ref);
        writeFileSync(join(root, "base/recipe.json"), "{}");
        for (const [i, key] of keys.entries()) expect(ref(key)).not.toBe(before[i]);
    });

    it("do not change with what npm installs or bundling leaves", () => {
        const before = ref("debt-os-api");
        for (const folder of ["node_modules/pg", "dist"]) {
            mkdirSync(join(root, "sample-app", folder), { recursive: true });
            writeFileSync(join(root, "sample-app", folder, "index.js"), "x");
        }
        expect(ref("debt-os-api")).toBe(before);
    });

    it("say which keys there are when one is unknown", () => {
        expect(() => localImageRef("debt-os")).toThrow(/no local image "debt-os".*debt-os-api/);
        expect(() => localImageRef("../base")).toThrow(/no local image/);
    });
});
