/**
 * TLS of Postgres: what its container is told, and the script that makes its certificate, run by a shell. Cannot prove: that a server takes
 * it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Postgres } from "../../../../components/postgres/postgres";
import { CERTIFICATE, SEE_TO_CERTIFICATE } from "../../../../components/postgres/tls";
import { postgresArgs, storeTarget } from "../fixtures";
import { record, type Recording } from "../harness";

const CONTAINER = "docker:index/container:Container";

async function recorded(tls?: "require"): Promise<Recording> {
    const [, recording] = await record(
        () => new Postgres("gw-test-postgres", { ...postgresArgs(storeTarget()), settings: { work_mem: "16MB" }, tls }),
    );
    return recording;
}

describe("Postgres that requires TLS", () => {
    test("sees to its certificate, then becomes the image's own entry point, with TLS on", async () => {
        expect((await recorded("require")).one("gw-test-postgres", CONTAINER).inputs).toMatchObject({
            entrypoints: ["/bin/sh", "-ec", SEE_TO_CERTIFICATE, "sh", CERTIFICATE],
            command: [
                ...["docker-entrypoint.sh", "postgres"],
                ...["-c", "hba_file=/etc/groundwork/pg_hba.conf"],
                ...["-c", "ssl=on"],
                ...["-c", `ssl_cert_file=${CERTIFICATE}`],
                ...["-c", `ssl_key_file=${CERTIFICATE}`],
                ...["-c", "work_mem=16MB"],
            ],
        });
    });

    test("keeps its certificate on its data volume, outside of the data directory", async () => {
        const { envs, mounts } = (await recorded("require")).one("gw-test-postgres", CONTAINER).inputs as {
            envs: string[];
            mounts: { target: string; readOnly: boolean }[];
        };
        const data = mounts.find((mount) => !mount.readOnly)!.target;
        expect(CERTIFICATE.startsWith(`${data}/`)).toBe(true);
        expect(CERTIFICATE.startsWith(`${envs.find((env) => env.startsWith("PGDATA="))!.slice(7)}/`)).toBe(false);
    });

    test("lets nobody in from the network without TLS, and nobody without a password", async () => {
        const filler = (await recorded("require")).one("gw-test-postgres-etc-groundwork-files", CONTAINER);
        const [file] = (filler.inputs as { uploads: { file: string; content: string }[] }).uploads;
        expect(file?.file).toBe("/etc/groundwork/pg_hba.conf");
        const rules = file!.content.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
        for (const rule of rules) {
            expect(rule).toMatch(/ scram-sha-256$/);
            expect(rule).toMatch(/^(local|host .* (127\.0\.0\.1\/32|::1\/128)|hostssl .* all) /);
        }
        expect(rules.filter((rule) => rule.startsWith("hostssl"))).toHaveLength(1);
    });

    test("makes its extensions over TLS", async () => {
        const job = (await recorded("require")).one("gw-test-postgres-extensions", CONTAINER);
        expect(job.inputs.envs).toEqual(["PGSSLMODE=require"]);
    });

    test("is otherwise as it was: without it there is no command, no rules and no setting of TLS", async () => {
        const plain = await recorded();
        const { inputs } = plain.one("gw-test-postgres", CONTAINER);
        expect(inputs.entrypoints).toBeUndefined();
        expect(inputs.command).toEqual(["postgres", "-c", "work_mem=16MB"]);
        expect(plain.ofType(CONTAINER).map((each) => each.name)).not.toContain("gw-test-postgres-etc-groundwork-files");
        expect(plain.one("gw-test-postgres-extensions", CONTAINER).inputs.envs).toEqual([]);
    });
});

const openssl = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!openssl)("the certificate (needs openssl)", () => {
    let directory: string;
    let file: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "groundwork-tls-"));
        file = join(directory, "tls", "server.pem");
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    function start(env: NodeJS.ProcessEnv = process.env): string {
        const args = ["-ec", SEE_TO_CERTIFICATE, "sh", file, "echo", "started", "with spaces"];
        return execFileSync("/bin/sh", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
    }

    test("is made before the server starts, for its owner's eyes alone, with the key that belongs to it", () => {
        expect(start()).toBe("started with spaces\n");
        const pem = readFileSync(file, "utf8");
        const certificate = new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE")));
        expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true);
        expect(certificate.checkHost("postgres")).toBe("postgres");
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(existsSync(`${file}.key`)).toBe(false);
    });

    test("is kept by the next start, which closes it to others again", () => {
        start();
        const before = readFileSync(file, "utf8");
        execFileSync("chmod", ["0660", file]);
        start();
        expect(readFileSync(file, "utf8")).toBe(before);
        expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    test("is made anew when it ends soon, or when it is broken", () => {
        start();
        const whole = readFileSync(file, "utf8");
        const keyOf = (pem: string): string => pem.slice(0, pem.indexOf("-----BEGIN CERTIFICATE"));
        const soon = join(directory, "soon.crt");
        const request = ["req", "-x509", "-key", file, "-days", "20", "-subj", "/CN=postgres", "-out", soon];
        execFileSync("openssl", request, { stdio: "pipe" });
        for (const bad of [keyOf(whole) + readFileSync(soon, "utf8"), keyOf(whole), whole.slice(0, 40), ""]) {
            writeFileSync(file, bad);
            start();
            const pem = readFileSync(file, "utf8");
            const certificate = new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE")));
            expect(keyOf(pem)).not.toBe(keyOf(whole));
            expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
        }
    });

    test("cannot be made by an image without openssl, which is said", () => {
        expect(() => start({ PATH: directory })).toThrow(/its image has no openssl/);
    });
});
