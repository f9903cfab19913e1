/** What `up` and `preview` say of containers that their state does not know, or that are not what it says. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { fakeDocker } from "../unit/cli/fake-docker";
import { DEV, GW, gw, listing, project, REPOSITORY, temporary } from "../unit/cli/fixtures";

/** On ports that no dev stack has: one may be up. */
const FILE = `${DEV}  groundwork:edge: { httpPort: 19760, httpsPort: 19761 }\n`;
const manifest = { time: new Date(0).toISOString(), magic: "", version: "" };

/** The program by links, with a state of its own that says that these containers run. */
async function deployed(...names: string[]): Promise<string> {
    const dir = temporary();
    for (const entry of readdirSync(REPOSITORY)) {
        if (/^(Pulumi\..+\.yaml|\.git|\.groundwork|reports)$/.test(entry)) continue;
        symlinkSync(join(REPOSITORY, entry), join(dir, entry));
    }
    writeFileSync(join(dir, "Pulumi.dev.yaml"), FILE);
    const type = "docker:index/container:Container";
    const resources = names.map((name) => ({
        ...{ urn: `urn:pulumi:dev::groundwork::${type}::${name}`, type, custom: true, id: `id-${name}` },
        ...{ inputs: { name, mustRun: true }, outputs: { name } },
    }));
    const file = join(temporary(), "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest, resources } }));
    const { code, stderr } = await gw(["state", "import", file, "--yes", "--cwd", dir]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("1 resource in") as string]);
    return dir;
}

describe("gw up", () => {
    it("refuses a stack that another directory brought up, and touches nothing", async () => {
        const docker = await fakeDocker([{ id: "1", name: "gw-dev-caddy", stack: "dev" }]);
        const dir = project({ dev: FILE });
        const before = listing(dir);
        const args = ["up", "--yes", "--images", "local", "--cwd", dir];
        const { code, stdout, stderr } = await gw(args, { env: { DOCKER_HOST: docker.host } });
        expect(stderr).toMatch(
            /^error: The Docker engine has 1 container of a stack dev already \(the oldest: gw-dev-caddy/,
        );
        expect(stderr).toContain(`"${GW} state export --cwd <that directory> --stack dev --file state.json"`);
        expect(stderr).toContain(`"${GW} state import --cwd ${dir} --stack dev state.json"`);
        expect([code, stdout]).toEqual([2, ""]);
        expect(new Set(docker.asked)).toEqual(new Set(["GET /_ping", "GET /containers/json"]));
        expect(listing(dir)).toEqual(before);
    });

    it("goes on where a first run was interrupted before it had made anything", async () => {
        const docker = await fakeDocker([{ id: "1", name: "gw-dev-caddy", stack: "dev" }]);
        const dir = project({ dev: FILE });
        mkdirSync(join(dir, ".groundwork", "state"), { recursive: true });
        const type = "docker:index/container:Container";
        const resource = { urn: `urn:pulumi:dev::groundwork::${type}::gw-dev-caddy`, type, custom: true, inputs: {} };
        const deployment = { manifest, resources: [], pending_operations: [{ resource, type: "creating" }] };
        writeFileSync(join(dir, ".groundwork/state/dev.json"), JSON.stringify({ version: 3, deployment }));
        const args = ["up", "--yes", "--images", "local", "--cwd", dir];
        const { stderr } = await gw(args, { env: { DOCKER_HOST: docker.host } });
        expect(stderr).not.toContain("knows nothing of it");
        // The engine that is asked next has no images.
        expect(docker.asked.at(-1)).toMatch(/images/);
    });
});

describe("gw preview", () => {
    const args = (dir: string): string[] => ["preview", "--json", "--images", "local", "--cwd", dir];

    it("says what was stopped by hand, on stderr alone", async () => {
        const dir = await deployed("gw-dev-api");
        const there = { id: "id-gw-dev-api", name: "gw-dev-api", stack: "dev" };
        const [stopped, running] = await Promise.all([
            fakeDocker([{ ...there, state: "exited" }]),
            fakeDocker([there]),
        ]);
        const told = await gw(args(dir), { env: { DOCKER_HOST: stopped.host } });
        expect(told.stderr).toBe(
            `Not as the state says: gw-dev-api (exited); "${GW} up --cwd ${dir}" reads what really runs first.\n`,
        );
        const quiet = await gw(args(dir), { env: { DOCKER_HOST: running.host } });
        expect(quiet.stderr).toBe("");
        const steps = (text: string) => (JSON.parse(text) as { changeSummary: object }).changeSummary;
        expect([told.code, quiet.code]).toEqual([0, 0]);
        expect(steps(told.stdout)).toEqual(steps(quiet.stdout));
    });

    it.each(["that is not there", "that never answers"])("does without a Docker engine %s", async (what) => {
        const dir = await deployed("gw-dev-api");
        const { host } = await fakeDocker([], { silent: true });
        const env = { DOCKER_HOST: what === "that never answers" ? host : "unix:///nonexistent/docker.sock" };
        const { code, stdout, stderr } = await gw(args(dir), { env });
        expect([code, stderr]).toEqual([0, ""]);
        expect(JSON.parse(stdout)).toHaveProperty("changeSummary.create");
        expect(existsSync(join(dir, ".groundwork", "state", "dev.journal"))).toBe(false);
    });
});
