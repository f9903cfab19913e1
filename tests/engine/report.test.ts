/**
 * `gw report` on real revisions of this project in git repositories of their own, as a workflow runs it: without Docker, a cluster, a cloud
 * or the passphrase of any secret. Cannot prove: that a server answers as the providers take it to; tests/e2e does.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Change, Report } from "../../packages/cli/src/report/types";
import { temporary } from "../temporary";
import { GW, gw, REPOSITORY } from "../unit/cli/fixtures";
import { closed, TestRepository } from "./report/repository";

// Each report starts two programs; a busy machine takes its time.
const TIMEOUT = { timeout: 900_000 };
const CANARY = "canary-4711";
const OTHER_CANARY = "canary-4712";

const dev = (more = "", secret = closed(CANARY)): string =>
    [
        "encryptionsalt: v1:c2FsdHNhbHQ=:v1:bm9uY2Vub25jZQ==:bm90aGluZw==",
        "config:",
        "  groundwork:environment: dev",
        "  groundwork:system: debt-os",
        `  groundwork:secrets:\n    OPENAI_API_KEY:\n      secure: ${secret}`,
        more,
    ].join("\n");
const prod = (storageClass = "gp3"): string =>
    [
        "config:",
        "  groundwork:environment: prod",
        "  groundwork:system: debt-os",
        "  groundwork:domain: debt-os.example.com",
        "  groundwork:target: kubernetes",
        `  groundwork:kubernetes:\n    storageClass: ${storageClass}`,
        "  groundwork:tls:\n    mode: acme\n    email: platform@example.com",
        "  groundwork:images:\n    overrides:\n      backup: registry.example.com/groundwork/backup:1.0.0",
        // Its keys are among the secrets that only their owner has.
        "  groundwork:backup:\n    bucket:\n      kind: s3\n      name: example\n      endpoint: https://s3.example.com\n",
    ].join("\n");

function report(repository: TestRepository, args: string[], env: NodeJS.ProcessEnv = {}) {
    return gw(["report", "--cwd", repository.dir, ...args], { timeoutMs: TIMEOUT.timeout, env });
}

async function reported(repository: TestRepository, ...args: string[]): Promise<Report & { verdict: string }> {
    const { code, stdout, stderr } = await report(repository, [...args, "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout) as Report & { verdict: string };
}

const named = ({ changes }: Report, name: string): Change | undefined => changes.find((change) => change.name === name);

describe("a report on two revisions", TIMEOUT, () => {
    it("names the policy violations that are new with the line that makes the resource, and those that are gone", async () => {
        const override = (image: string) => `  groundwork:images:\n    overrides:\n      redis-7-alpine: ${image}`;
        const repository = new TestRepository({ dev: dev() });
        repository.write("Pulumi.dev.yaml", dev(override("redis:latest")));
        repository.commit("an image without a version");
        const found = await reported(repository, "--base", "HEAD~1", "--head", "HEAD", "--stack", "dev");
        expect(found.policies.fixed).toEqual([]);
        expect(found.policies.found).toContainEqual(
            expect.objectContaining({
                ...{ rule: "GW-DOC-060", enforcement: "advisory", stacks: ["dev"] },
                file: expect.stringMatching(/^targets\/docker\/[\w/-]+\.ts$/),
            }),
        );
        expect(new Set(found.policies.found.map(({ rule }) => rule))).toEqual(new Set(["GW-DOC-060"]));
        const back = await reported(repository, "--base", "HEAD", "--head", "HEAD~1", "--stack", "dev");
        expect(back.policies.found).toEqual([]);
        expect(back.policies.fixed).toHaveLength(found.policies.found.length);
    });

    it("tells an update from a replacement, and says nothing of a secret but that it is another one", async () => {
        const repository = new TestRepository({ dev: dev() });
        const settings = [
            "  groundwork:services:\n    api:\n      resources:\n        memoryLimitMiB: 1999",
            "  groundwork:images:\n    overrides:\n      redis-7-alpine: redis:7.4.1-alpine",
        ];
        repository.write("Pulumi.dev.yaml", dev(settings.join("\n"), closed(OTHER_CANARY)));
        const head = repository.commit("a limit, an image and a secret");
        const options = ["--base", "HEAD~1", "--head", head, "--stack", "dev"];
        const found = await reported(repository, ...options);
        expect(found.verdict).toBe("changes");
        expect(named(found, "gw-dev-redis")).toMatchObject({ kind: "replace", stateful: false });
        expect(named(found, "gw-dev-image-redis-7-alpine")).toMatchObject({
            kind: "replace",
            lines: ['- name: "redis:7-alpine"  (replaces)', '+ name: "redis:7.4.1-alpine"  (replaces)'],
        });
        const files = found.changes.find(({ name }) => /^gw-dev-api-.*-files$/.test(name));
        expect(files?.lines).toEqual(["! uploads: [secret], another value  (replaces)"]);
        const text = JSON.stringify(found);
        expect(text).toMatch(/memory.*1999/);

        const { stdout } = await report(repository, options);
        for (const canary of [CANARY, OTHER_CANARY].flatMap((each) => [
            each,
            closed(each),
            Buffer.from(each).toString("base64"),
        ]))
            expect([text.includes(canary), stdout.includes(canary)]).toEqual([false, false]);
    });

    it("names every store whose data would go, and what keeps it, in each stack", async () => {
        const repository = new TestRepository({ dev: dev(), prod: prod() });
        repository.edit("systems/debt-os.ts", "redis-data", "redis-store");
        repository.write("Pulumi.prod.yaml", prod("io2"));
        repository.commit("another name, and another class of storage");
        const found = await reported(repository, "--base", "HEAD~1", "--head", "HEAD", "--system", "debt-os");
        expect(found.verdict).toBe("data");
        const data = found.changes.filter(({ kind, stateful }) => stateful && kind !== "create");
        const kinds = data.map(({ kind, name, places }) => [kind, name, places[0]!.stack, places[0]!.refused]);
        expect(kinds).toContainEqual(["delete", "gw-dev-redis-data", "dev", false]);
        expect(kinds).toContainEqual(["delete", "redis-data", "prod", true]);
        expect(kinds).toContainEqual(["replace", "postgres-data", "prod", true]);
        expect(found.changes.slice(0, data.length)).toEqual(data);
        // Clones, which are made anew: another class of storage replaces their claim too, and nobody loses anything.
        expect(named(found, "repos")).toMatchObject({ kind: "replace", stateful: false });
    });

    it("is one line where nothing changes", async () => {
        const repository = new TestRepository({ dev: dev() });
        repository.write("README.md", "Only words.\n");
        const { code, stdout } = await report(repository, ["--base", "HEAD", "--stack", "dev"]);
        expect(code).toBe(0);
        expect(stdout.trimEnd().split("\n")).toEqual([
            "<!-- groundwork-report -->",
            expect.stringMatching(/^No change in 1 stack\. .*With 1 file\(s\) that are not committed\.$/),
        ]);
    });

    it("folds what changes alike into one entry that names the stacks", async () => {
        const repository = new TestRepository({ dev: dev() });
        repository.edit("targets/docker/container.ts", 'ipcMode: "private"', 'ipcMode: "shareable"');
        const found = await reported(repository, "--base", "HEAD", "--environment", "dev");
        const stacks = ["opencode-dev", "opencode-acp-dev", "dev", "project-manager-dev", "opshub-dev"];
        expect(found.stacks.map(({ stack }) => stack)).toEqual(stacks);
        const caddy = named(found, "gw-<stack>-caddy")!;
        expect(caddy.places.map(({ stack }) => stack)).toEqual(stacks);
        expect(caddy.lines).toContain('+ ipcMode: "shareable"  (replaces)');
    });

    it("runs each with the secrets that it asks for, also one that the other does not know", async () => {
        const repository = new TestRepository({ prod: prod() });
        repository.edit("systems/debt-os.ts", '"GITHUB_CLIENT_SECRET"', '"GITHUB_APP_SECRET"');
        const found = await reported(repository, "--base", "HEAD", "--stack", "prod");
        expect(found.failures).toEqual([]);
        expect(JSON.stringify(found.changes)).toContain("GITHUB_APP_SECRET");
    });

    it("says which revision's program fails, and why", async () => {
        const repository = new TestRepository({ dev: dev() });
        const before = repository.git("rev-parse", "HEAD");
        repository.edit(
            "index.ts",
            "const stack = pulumi.getStack();",
            'const stack = pulumi.getStack();\nif (stack) throw new pulumi.RunError("no way");',
        );
        const head = repository.commit("broken");
        const [broken, mended] = await Promise.all([
            report(repository, ["--base", before, "--head", head, "--stack", "dev"]),
            report(repository, ["--base", head, "--head", before, "--stack", "dev"]),
        ]);
        expect([broken.code, mended.code]).toEqual([1, 1]);
        expect(broken.stderr).toMatch(new RegExp(`dev cannot be planned at ${head}:[\\s\\S]*no way`));
        expect(mended.stderr).toContain(`dev cannot be planned at ${head}:`);
        expect(broken.stdout).toContain("1 stack could not be compared.");
    });
});

describe("the checkouts of a report", TIMEOUT, () => {
    it("are gone when it is interrupted", async () => {
        const repository = new TestRepository({ dev: dev() });
        const tmp = temporary("report-tmp");
        const env = { ...process.env, TMPDIR: tmp };
        const ended = await new Promise<number | null>((done) => {
            const child = execFile(
                GW,
                ["report", "--cwd", repository.dir, "--base", "HEAD", "--head", "HEAD", "--stack", "dev"],
                { env },
            );
            const watch = setInterval(() => {
                const made = readdirSync(tmp).find((name) => name.startsWith("gw-report-"));
                if (made === undefined || !existsSync(join(tmp, made, "states"))) return;
                clearInterval(watch);
                child.kill("SIGINT");
            }, 50);
            child.on("close", (code) => {
                clearInterval(watch);
                done(code);
            });
        });
        expect(ended).toBe(1);
        expect(readdirSync(tmp).filter((name) => name.startsWith("gw-report-"))).toEqual([]);
    });

    it("have the packages that their lockfile names, installed where it is another one", async () => {
        const repository = new TestRepository({ dev: dev() });
        repository.write("package-lock.json", "{}\n");
        // Stands for a registry: what matters is that npm is asked, where, and without running what packages bring.
        const bin = temporary("report-bin");
        const log = join(bin, "asked");
        writeFileSync(
            join(bin, "npm"),
            `#!/bin/sh\necho "$PWD $*" >> ${log}\nln -s ${REPOSITORY}/node_modules node_modules\n`,
        );
        chmodSync(join(bin, "npm"), 0o755);
        mkdirSync(join(bin, "tmp"));
        const PATH = `${bin}:${process.execPath.replace(/\/[^/]*$/, "")}:/usr/bin:/bin`;
        const options = ["--base", "HEAD", "--stack", "dev"];
        const { code, stdout, stderr } = await report(repository, options, { PATH, TMPDIR: join(bin, "tmp") });
        expect(stderr).toContain("HEAD locks other packages than this tree has: installing them for it (npm ci).");
        expect([code, stdout]).toEqual([0, expect.stringContaining("No change in 1 stack.")]);
        expect(readFileSync(log, "utf8")).toMatch(/^\S+\/base ci --omit=dev --ignore-scripts .*\n$/);
    });
});
