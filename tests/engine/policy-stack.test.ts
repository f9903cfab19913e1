/**
 * `gw policy` on this project's own stacks: without Docker, a cluster, a cloud or the passphrase of any secret. Cannot prove: what a server
 * makes of what the program asks for.
 */
import { describe, expect, it } from "vitest";

import { gw, REPOSITORY } from "../unit/cli/fixtures";
import { closed, TestRepository } from "./report/repository";

const TIMEOUT = { timeout: 900_000 };
const CANARY = "canary-4711";

const dev = (more = "") => `encryptionsalt: v1:c2FsdHNhbHQ=:v1:bm9uY2Vub25jZQ==:bm90aGluZw==
config:
  groundwork:environment: dev
  groundwork:system: debt-os
  groundwork:secrets:
    OPENAI_API_KEY:
      secure: ${closed(CANARY)}
${more}`;

function judged(repository: TestRepository, ...args: string[]) {
    return gw(["policy", "--cwd", repository.dir, ...args], { cwd: repository.dir, timeoutMs: TIMEOUT.timeout });
}

describe("a stack", TIMEOUT, () => {
    it("is judged by what its program asks for, at the line that asks, with no secret opened", async () => {
        const images = "  groundwork:images:\n    overrides:\n      redis-7-alpine: redis:latest\n";
        const repository = new TestRepository({ dev: dev(images) });
        const { code, stdout, stderr } = await judged(repository, "--format", "json");
        expect([code, stderr]).toEqual([0, ""]);
        const { stacks, violations } = JSON.parse(stdout);
        expect(stacks).toEqual(["dev"]);
        expect(violations).toContainEqual(
            expect.objectContaining({
                ...{ rule: "GW-DOC-060", enforcement: "advisory", stack: "dev" },
                ...{ file: expect.stringMatching(/^targets\/docker\/[\w/-]+\.ts$/), line: expect.any(Number) },
            }),
        );
        for (const text of [CANARY, closed(CANARY)]) expect(stdout).not.toContain(text);
    });

    it("is judged by what its components say of themselves too", async () => {
        const backup = "  groundwork:backup:\n    enabled: true\n    bucket:\n      kind: local\n";
        const repository = new TestRepository({ dev: dev(backup) });
        repository.write("policies.json", JSON.stringify({ "gw-stk-011-tls": "advisory" }));
        const { stdout } = await judged(repository, "--format", "json", "--config", "policies.json");
        const { violations, notEvaluated } = JSON.parse(stdout);
        // The edge's certificate is its own in dev; backups are as they have to be, in a bucket whose name is known.
        expect(violations).toContainEqual(
            expect.objectContaining({ rule: "GW-STK-011", resource: "Platform/gw-dev", path: "tls.edge" }),
        );
        const about = [...violations, ...notEvaluated].map(({ rule }) => rule);
        for (const rule of ["GW-STK-006", "GW-STK-007", "GW-STK-010"]) expect(about).not.toContain(rule);
    });

    it("whose program or file is wrong is said to be unread, beside those that are judged", async () => {
        const repository = new TestRepository({ dev: dev(), staging: "config: 1\n" });
        const { code, stdout } = await judged(repository, "--all", "--system", "debt-os", "--format", "json");
        const broken = await judged(repository, "--stack", "staging", "--format", "json");
        expect([code, broken.code]).toEqual([0, 1]);
        expect(JSON.parse(stdout)).toMatchObject({ stacks: ["dev"], unreadable: [] });
        expect(JSON.parse(broken.stdout).unreadable).toEqual([
            { file: "Pulumi.staging.yaml", line: 1, message: expect.stringContaining("staging: ") },
        ]);
        repository.write("index.ts", "throw new Error('no program');\n");
        const failing = await judged(repository, "--format", "json");
        expect(failing.code).toBe(1);
        expect(JSON.parse(failing.stdout).unreadable[0].message).toContain("no program");
    });

    it("of this repository in dev violates nothing that is mandatory", async () => {
        const { code, stdout } = await gw(["policy", "--format", "json"], {
            cwd: REPOSITORY,
            timeoutMs: TIMEOUT.timeout,
        });
        expect([code, JSON.parse(stdout).violations]).toEqual([0, []]);
    });
});
