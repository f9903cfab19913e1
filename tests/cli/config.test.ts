/** `gw config` as users run it, on stack files in temporary directories. */
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { Crypter } from "../../packages/engine/src/crypto";
import { DEV, gw, listing, project } from "../unit/cli/fixtures";

const PASSPHRASE = { PULUMI_CONFIG_PASSPHRASE: "correct horse" };

const COMMENTED = `# Mine.

config:
  groundwork:environment: dev # for me
  groundwork:system: debt-os

  # Not the default.
  groundwork:edge:
    httpsPort: 9443 # free here

# The end.
`;

const PROD = `config:
  groundwork:environment: prod
  groundwork:system: debt-os
  groundwork:domain: debt-os.example.com
  groundwork:tls: { mode: acme, email: a@example.com }
`;

interface Tried {
    dir: string;
    file: string;
    /** Runs `gw config`. */
    config: (args: string[], input?: string, env?: NodeJS.ProcessEnv) => ReturnType<typeof gw>;
    text: () => string;
}

function trying(text: string, stack = "dev"): Tried {
    const dir = project({ [stack]: text });
    const file = join(dir, `Pulumi.${stack}.yaml`);
    return {
        dir,
        file,
        config: (args, input, env = PASSPHRASE) =>
            gw(["config", ...args, "--stack", stack, "--cwd", dir], { input, env }),
        text: () => readFileSync(file, "utf8"),
    };
}

describe("gw config set", () => {
    it("changes that value and leaves every comment where it is", async () => {
        const { config, text } = trying(COMMENTED);
        const { code, stdout } = await config(["set", "edge.httpsPort", "9444"]);
        expect([code, stdout]).toEqual([0, "Set groundwork:edge.httpsPort in Pulumi.dev.yaml.\n"]);
        expect(text()).toBe(COMMENTED.replace("9443", "9444"));
    });

    it("makes the maps that a new key needs", async () => {
        const { config, text } = trying(DEV);
        expect((await config(["set", "groundwork:services.api.env.LOG_LEVEL", "warn"])).code).toBe(0);
        expect(text()).toBe(`${DEV}  groundwork:services:\n    api:\n      env:\n        LOG_LEVEL: warn\n`);
    });

    it.each(["", "# Nothing yet.\n", "config:\n"])("begins a file that says nothing: %j", async (before) => {
        const { config, text } = trying(before);
        const first = await config(["set", "environment", "dev"]);
        expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("groundwork:system") as string });
        expect((await config(["set", "system", "opshub"])).code).toBe(0);
        expect(parse(text())).toEqual({ config: { "groundwork:environment": "dev", "groundwork:system": "opshub" } });
        expect(text()).toContain(before.startsWith("#") ? before : "config:");
    });

    it("takes the value from stdin when there is none, without the line's end", async () => {
        const { config, text } = trying(DEV);
        expect((await config(["set", "domain"], "a.localhost\n")).code).toBe(0);
        expect(text()).toBe(`${DEV}  groundwork:domain: a.localhost\n`);
    });

    it("keeps the file's mode, and the link that it is reached by", async () => {
        const { config, dir, file } = trying(DEV);
        chmodSync(file, 0o600);
        symlinkSync(file, join(dir, "Pulumi.linked.yaml"));
        const args = ["config", "set", "protect", "true", "--stack", "linked", "--cwd", dir];
        expect((await gw(args, { env: PASSPHRASE })).code).toBe(0);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect((await config(["get", "protect"])).stdout).toBe("true\n");
        expect(listing(dir)).toEqual(["Pulumi.dev.yaml", "Pulumi.linked.yaml", "Pulumi.yaml"]);
    });

    it.each([
        [["edge.htpsPort", "1"], /groundwork:edge\.htpsPort[\s\S]*Did you mean httpsPort\?/],
        [["sytem", "opshub"], /groundwork:sytem[\s\S]*Did you mean system\?/],
        [["docker:host", "x"], /docker:host[\s\S]*another namespace/],
        [["domain.x", "y"], /groundwork:domain\.x[\s\S]*holds a value and no keys/],
        [["edge..x", "y"], /is not a key: write a\.b\.c/],
        [["edge.httpsPort", "99999"], /groundwork:edge\.httpsPort = 99999[\s\S]*must be a port/],
        [["services.apo.replicas", "2"], /groundwork:services\.apo[\s\S]*Did you mean api\?/],
        [["system", "opencode-acp"], /services\.api[\s\S]*is not a service or store of opencode-acp/],
        [["secrets.JWT_SECRET", "short"], /JWT_SECRET[\s\S]*at least 64 characters/],
    ])("refuses %j with the reason, and leaves the file as it is", async (args, message) => {
        const before = `${DEV}  groundwork:services:\n    api:\n      replicas: 2\n`;
        const { config, dir, text } = trying(before);
        const there = listing(dir);
        const { code, stdout, stderr } = await config(["set", ...args]);
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).toMatch(message);
        expect(text()).toBe(before);
        expect(listing(dir)).toEqual(there);
    });

    it("tells every problem that a change makes at once", async () => {
        const { config } = trying(`${DEV}  groundwork:domain: x.example.com\n`);
        const { code, stderr } = await config(["set", "environment", "prod"]);
        expect(code).toBe(2);
        for (const key of ["tls.mode", "secrets.GITHUB_CLIENT_ID", "secrets.OPENAI_API_KEY"]) {
            expect(stderr).toContain(`groundwork:${key}`);
        }
    });

    it("refuses a value below a value", async () => {
        const { config, text } = trying(`${DEV}  groundwork:edge: text\n`);
        const { code, stderr } = await config(["set", "edge.httpPort", "8080"]);
        expect(code).toBe(2);
        expect(stderr).toContain("something above it in the file is a value");
        expect(text()).toContain("groundwork:edge: text");
    });

    it("refuses a stack that has no file of its own, and says how to make one", async () => {
        const dir = project();
        const { code, stderr } = await gw(["config", "set", "protect", "true", "--system", "opencode", "--cwd", dir]);
        expect(code).toBe(2);
        expect(stderr).toMatch(/gw stack init --cwd \S+ opencode-dev$/m);
    });
});

describe("gw config set of a secret", () => {
    it("writes Pulumi's own encrypted form, and the salt that opens it", async () => {
        const { config, text } = trying(DEV);
        const { code, stdout, stderr } = await config(["set", "secrets.OPENAI_API_KEY"], "sk-canary-1\n");
        expect(code).toBe(0);
        expect(text() + stdout + stderr).not.toContain("canary");
        const file = parse(text()) as { encryptionsalt: string; config: Record<string, Record<string, unknown>> };
        const crypter = await Crypter.open("correct horse", file.encryptionsalt);
        const { secure } = file.config["groundwork:secrets"]!.OPENAI_API_KEY as { secure: string };
        expect(crypter.decrypt(secure)).toBe("sk-canary-1");
    });

    it("encrypts with the salt that is there, and other keys when asked to", async () => {
        const { config, text } = trying(DEV);
        await config(["set", "secrets.OPENAI_API_KEY"], "sk-canary-1");
        const { encryptionsalt } = parse(text()) as { encryptionsalt: string };
        expect((await config(["set", "--secret", "--path", "groundwork:domain"], "canary.localhost")).code).toBe(0);
        expect(text()).not.toContain("canary");
        expect(parse(text())).toMatchObject({ encryptionsalt });
        expect((await config(["get", "domain"])).stdout).toBe("canary.localhost\n");
        expect((await config(["get", "secrets.OPENAI_API_KEY"])).stdout).toBe("sk-canary-1\n");
    });

    it("fills a file key by key, and says what is still missing", async () => {
        const { config } = trying(PROD, "prod");
        const first = await config(["set", "secrets.GITHUB_CLIENT_ID"], "Iv1.1234");
        expect(first.code).toBe(0);
        expect(first.stderr).toMatch(/Still to be set:[\s\S]*GITHUB_CLIENT_SECRET[\s\S]*OPENAI_API_KEY/);
        await config(["set", "secrets.GITHUB_CLIENT_SECRET"], "s3cret");
        await config(["set", "secrets.OPENAI_API_KEY"], "sk-1");
        await config(["set", "images.overrides.backup", "registry.example.com/groundwork/backup:1.0.0"]);
        await config(["set", "backup.bucket.region", "eu-central-1"]);
        const last = await config(["set", "backup.bucket.replicaRegion", "eu-west-1"]);
        expect([last.code, last.stderr]).toEqual([0, ""]);
    });

    it("is refused with another passphrase, and where something else encrypts", async () => {
        const { config, text } = trying(DEV);
        await config(["set", "secrets.OPENAI_API_KEY"], "sk-1");
        const before = text();
        const other = await config(["set", "secrets.OPENAI_API_KEY"], "sk-2", { PULUMI_CONFIG_PASSPHRASE: "wrong" });
        expect(other.code).toBe(2);
        expect(text()).toBe(before);

        const cloud = trying(`secretsprovider: awskms://alias/x\nencryptedkey: abc\n${DEV}`);
        const refused = await cloud.config(["set", "secrets.OPENAI_API_KEY"], "sk-1");
        expect(refused.code).toBe(2);
        expect(refused.stderr).toContain("encrypted by awskms://alias/x, which gw cannot ask");
    });

    it("warns of a value that stood on the command line", async () => {
        const { config } = trying(DEV);
        const { stderr } = await config(["set", "secrets.OPENAI_API_KEY", "sk-1"]);
        expect(stderr).toContain("stood on a command line");
    });
});

describe("gw config rm", () => {
    it("takes that value out and leaves every comment where it is", async () => {
        const { config, text } = trying(COMMENTED.replace("httpsPort", "httpPort: 9080\n    httpsPort"));
        const { code, stdout } = await config(["rm", "--path", "groundwork:edge.httpPort"]);
        expect([code, stdout]).toEqual([0, "Took groundwork:edge.httpPort out of Pulumi.dev.yaml.\n"]);
        expect(text()).toBe(COMMENTED);
    });

    it("is what a wrong key's remedy says, and mends it", async () => {
        const { dir, text } = trying(`${DEV}  groundwork:egde: {}\n`);
        const { code, stderr } = await gw(["preview", "--cwd", dir]);
        expect(code).toBe(2);
        const remedy = /gw (config rm .*)$/m.exec(stderr)![1]!;
        expect((await gw([...remedy.split(" "), "--cwd", dir])).code).toBe(0);
        expect(text()).toBe(DEV);
    });

    it("fails where there is no such value, and where the stack would not be whole without it", async () => {
        const { config, text } = trying(PROD, "prod");
        expect((await config(["rm", "edge.httpsPort"])).stderr).toContain(
            "groundwork:edge.httpsPort is not set in Pulumi.prod.yaml.",
        );
        expect((await config(["rm", "domain"])).code).toBe(2);
        expect(text()).toBe(PROD);
    });
});

describe("gw config get", () => {
    it("prints text as it is and maps as JSON", async () => {
        const { config, file } = trying(COMMENTED);
        expect((await config(["get", "system"])).stdout).toBe("debt-os\n");
        expect((await config(["get", "groundwork:edge.httpsPort"])).stdout).toBe("9443\n");
        expect(JSON.parse((await config(["get", "edge"])).stdout)).toEqual({ httpsPort: 9443 });
        writeFileSync(file, `${DEV}  groundwork:edge: {}\n`);
        expect((await config(["get", "edge"])).stdout).toBe("{}\n");
    });

    it("fails where the file says nothing, and on a key that there is not", async () => {
        const { config } = trying(DEV);
        const unset = await config(["get", "edge.httpsPort"]);
        expect(unset).toMatchObject({ code: 1, stdout: "" });
        expect(unset.stderr).toContain("groundwork:edge.httpsPort is not set in Pulumi.dev.yaml");
        expect((await config(["get", "edge.port"])).code).toBe(2);
    });
});
