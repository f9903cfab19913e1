/**
 * Secrets are searched for everywhere that a person or a program looks: what the engine tells of containers, process lists, state files,
 * logs, previews, outputs and errors. Canaries stand for the secrets that a user
 * gives; the generated ones are read from the state with `--show-secrets` and searched for as well.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ifThere } from "../../../packages/cli/src/docker/errors";
import { Crypter } from "../../../packages/engine/src/crypto";
import { systemOf } from "../../../systems";
import { ENGINE, expectCode } from "../support/sandbox";
import { secretsIn } from "../support/secrets";
import { brokenImage } from "./support/broken-image";
import { containersOf, docker, missingDocker, needsDocker, sweep } from "./support/docker";
import { Sandbox } from "./support/sandbox";

const STACK = "e2e-secrets";
const system = systemOf("debt-os");
const backend = system.services.find((service) => service.role === "backend")!;

/** Each place that may not hold a secret, by name, with everything in it. */
const places: Record<string, string> = {};

function files(directory: string): string[] {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
        if (entry.isSymbolicLink()) return [];
        const path = join(directory, entry.name);
        return entry.isDirectory() ? files(path) : [path];
    });
}

/** Command lines of every process of this machine, those in containers too. */
function processes(): string {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
            try {
                return readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ");
            } catch (error) {
                // It ended between the listing and the look.
                if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
                throw error;
            }
        })
        .join("\n");
}

describe(`secrets of a stack on Docker, ${ENGINE}`, () => {
    needsDocker();
    const sandbox = new Sandbox(STACK, "debt-os", 60);
    const canaries = Object.fromEntries(
        system.secrets
            .filter((secret) => secret.shape.kind === "given")
            .map((secret) => [secret.name, `canary-${secret.name.toLowerCase()}-5e1f0b7a94`]),
    );
    let given: Record<string, { secure: string }> = {};
    let generated: string[] = [];

    beforeAll(async () => {
        if (await missingDocker()) return;
        await sweep(STACK);
        const crypter = await Crypter.create("canary-passphrase-77aa01");
        sandbox.environment = { PULUMI_CONFIG_PASSPHRASE: "canary-passphrase-77aa01" };
        sandbox.encryptionSalt = crypter.salt;
        given = Object.fromEntries(
            Object.entries(canaries).map(([name, value]) => [name, { secure: crypter.encrypt(value) }]),
        );
        sandbox.configure({ secrets: given });
        const preview = await sandbox.gw("preview", "--diff");
        places["preview before the first up"] = preview.output;
        const up = await sandbox.gw("up", "--yes");
        places["output of up"] = up.output;
        expectCode(up, 0);
        const shown = await sandbox.gw("state", "export", "--show-secrets");
        expectCode(shown, 0);
        generated = secretsIn(JSON.parse(shown.stdout));
    }, 600_000);
    afterAll(async () => {
        if (!(await missingDocker())) await sweep(STACK);
        sandbox.remove();
    }, 900_000);

    const expectClean = (): void => {
        const secrets = [...Object.values(canaries), "canary-passphrase-77aa01", ...generated];
        const hits = Object.entries(places).flatMap(([place, text]) =>
            secrets.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret.slice(0, 20)}…`),
        );
        expect(hits).toEqual([]);
    };

    it("are known to this test, and reach the containers that use them", { timeout: 1_800_000 }, async () => {
        expect(Object.keys(canaries).length).toBeGreaterThanOrEqual(3);
        expect(generated.length).toBeGreaterThanOrEqual(3);
        const api = (await containersOf(STACK)).find(
            (each) => each.service === backend.name && each.state === "running",
        )!;
        const name = backend.secrets.find((secret) => secret in canaries)!;
        const exec = await docker
            .getContainer(api.id)
            .exec({ Cmd: ["cat", `/run/secrets/${name}`], AttachStdout: true });
        const stream = await exec.start({});
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        expect(Buffer.concat(chunks).toString()).toContain(canaries[name]);
    });

    it(
        "are not in what the engine tells of containers, images, volumes and networks",
        { timeout: 900_000 },
        async () => {
            const containers = await docker.listContainers({ all: true });
            // Those of other tests too, which come and go.
            const inspected = await Promise.all(
                containers.map(({ Id: id }) => ifThere(docker.getContainer(id).inspect())),
            );
            places["docker inspect"] = JSON.stringify(inspected);
            places["docker volumes and networks"] = JSON.stringify([
                await docker.listVolumes(),
                await docker.listNetworks(),
            ]);
            expect(places["docker inspect"].length).toBeGreaterThan(10_000);
            expectClean();
        },
    );

    it("are not in any process's command line", async () => {
        places["process list"] = processes();
        expect(places["process list"]).toContain("postgres");
        for (const each of await containersOf(STACK)) {
            if (each.state !== "running") continue;
            places[`docker top ${each.name}`] = JSON.stringify(await docker.getContainer(each.id).top());
        }
        expectClean();
    });

    it("are not in the logs of any container", async () => {
        for (const each of await containersOf(STACK)) {
            const log = await docker.getContainer(each.id).logs({ stdout: true, stderr: true });
            places[`log of ${each.name}`] = log.toString();
        }
        expectClean();
    });

    it("are only encrypted in the state and every other file that gw keeps, which nobody else can read", () => {
        const kept = files(join(sandbox.directory, ".groundwork"));
        expect(kept.length).toBeGreaterThan(0);
        for (const path of kept) {
            places[path] = readFileSync(path, "utf8");
            if (path.includes("/state/")) expect(statSync(path).mode & 0o077).toBe(0);
        }
        expectClean();
    });

    it("are not in a preview, a status, the outputs or an exported state", { timeout: 900_000 }, async () => {
        sandbox.configure({ secrets: given, services: { [backend.name]: { env: { LOG_LEVEL: "debug" } } } });
        for (const args of [
            ["preview"],
            ["preview", "--diff"],
            ["preview", "--json"],
            ["status", "--json"],
            ["outputs", "--json"],
            ["state", "export"],
        ]) {
            const result = await sandbox.gw(...args);
            expectCode(result, 0);
            places[`gw ${args.join(" ")}`] = result.output;
        }
        expectClean();
    });

    it("are not in the error when a change of them goes wrong", { timeout: 1_800_000 }, async () => {
        const image = await brokenImage("cannot start", backend.image);
        sandbox.configure({ secrets: given, images: { overrides: { [backend.image]: image } } });
        const result = await sandbox.gw("up", "--yes", "--verbose");
        expectCode(result, 1);
        places["output of a failed up"] = result.output;
        const crypter = await Crypter.open("canary-passphrase-77aa01", sandbox.encryptionSalt!);
        const malformed = { ...given, JWT_SECRET: { secure: crypter.encrypt("canary-malformed-jwt-0099") } };
        sandbox.configure({ secrets: malformed, environment: "nowhere" });
        const refused = await sandbox.gw("up", "--yes", "--verbose");
        expectCode(refused, 2);
        expect(refused.output).not.toContain("canary-malformed");
        places["output of a refused config"] = refused.output;
        expectClean();
    });
});
