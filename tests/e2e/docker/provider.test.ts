/** The docker provider on a real Docker engine: networks, volumes, images, and the engine itself. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { describe, expect, it } from "vitest";

import { dockerProvider } from "../../../packages/engine/src/providers/docker/index";
import { container, docker, failure, IMAGE, make, name, onDockerEngine } from "./support/provider";

onDockerEngine();

describe("a network", () => {
    it("is never made twice under one name", async () => {
        const made = await make("network", { name: name("twice") });
        expect(await failure(make("network", { name: made.inputs.name! }))).toContain("exists already");
        await made.remove();
        await made.remove();
    });

    it("can be looked up", async () => {
        const made = await make("network", { name: name("look"), internal: true });
        const found = await dockerProvider.invoke!(made.ctx, "docker:index/getNetwork:getNetwork", {
            name: made.inputs.name!,
        });
        expect(found).toMatchObject({ id: made.id, internal: true, driver: "bridge" });
        await made.remove();
    });
});

describe("a volume", () => {
    it("that somebody else made under this name is not taken over", async () => {
        const volumeName = name("foreign");
        await docker.createVolume({ Name: volumeName, Labels: { owner: "somebody" } });
        expect(await failure(make("volume", { name: volumeName }))).toContain("owner=somebody");
        expect((await docker.getVolume(volumeName).inspect()).Labels).toEqual({ owner: "somebody" });
        await docker.getVolume(volumeName).remove();
    });

    it("in use says by what", async () => {
        const volume = await make("volume", { name: name("used") });
        const user = await make(
            "container",
            container("user", { mounts: [{ type: "volume", source: volume.outputs.name!, target: "/data" }] }),
        );
        expect(await failure(volume.remove())).toContain(`in use by ${String(user.inputs.name)}`);
        await user.remove();
        await volume.remove();
    });
});

describe("an image", () => {
    it("that is here already is not pulled, and stays when it is to be kept", async () => {
        const made = await make("remoteImage", { name: IMAGE, keepLocally: true });
        expect(made.outputs.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
        expect(made.id).toBe(`${String(made.outputs.imageId)}${IMAGE}`);
        const state = { inputs: made.inputs, outputs: made.outputs };
        expect(await dockerProvider.read(made.ctx, made.id, state)).toEqual(state);
        await made.remove();
        expect((await docker.getImage(IMAGE).inspect()).Id).toBe(made.outputs.imageId);
    });
});

describe("the engine", () => {
    it("that does not answer is named, with what to do", async () => {
        const message = await failure(make("volume", { name: "x" }, { config: { host: "unix:///no/such.sock" } }));
        expect(message).toContain("unix:///no/such.sock does not answer: there is no such socket");
        expect(message).toContain("Start it");
    });

    it("that ssh does not reach is named, with what ssh says", async () => {
        const message = await failure(
            make(
                "volume",
                { name: "x" },
                { config: { host: "ssh://nobody@127.0.0.1:1", sshOpts: `["-o", "BatchMode=yes"]` } },
            ),
        );
        expect(message).toContain("ssh://nobody@127.0.0.1:1 does not answer: ssh");
    });

    it("is reached over ssh", async () => {
        const directory = mkdtempSync(join(tmpdir(), "fake-ssh-"));
        const script = join(directory, "ssh");
        // Stands for ssh and the far end's "docker system dial-stdio": joins its own streams with the engine's socket.
        writeFileSync(
            script,
            `#!${process.execPath}\nconst s = require("net").connect("/var/run/docker.sock");process.stdin.pipe(s).pipe(process.stdout);s.on("close", () => process.exit(0));\n`,
        );
        chmodSync(script, 0o755);
        const path = process.env.PATH;
        process.env.PATH = `${directory}${delimiter}${path}`;
        try {
            const made = await make(
                "container",
                container("ssh", { healthcheck: { tests: ["CMD", "true"], interval: "500ms" }, wait: true }),
                {
                    config: { host: "ssh://deploy@far.example" },
                },
            );
            expect(made.outputs.mustRun).toBe(true);
            await made.remove();
        } finally {
            process.env.PATH = path;
            rmSync(directory, { recursive: true, force: true });
        }
    });
});
