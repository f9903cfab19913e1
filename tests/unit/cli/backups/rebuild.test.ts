import { describe, expect, it } from "vitest";

import { CONFIGURATION, STACK_FILES } from "../../../../components/backup/layout";
import { parseConfig } from "../../../../packages/backup/src/config";
import type { Manifest } from "../../../../packages/backup/src/manifest";
import { cannotOpen, drawnSecrets, planned, wantedStores } from "../../../../packages/cli/src/backups/rebuild-plan";
import { forgetRebuilding, readRebuilding, writeRebuilding } from "../../../../packages/cli/src/backups/rebuilding";
import {
    newestBackups,
    opens,
    secretsIn,
    standaloneFiles,
    type Standalone,
} from "../../../../packages/cli/src/backups/standalone";
import { projectAt } from "../../../../packages/cli/src/project";
import { deployedSystem } from "../../../../systems";
import { DEV_BACKUPS, stackConfig } from "../../components/fixtures";
import { temporary } from "../fixtures";

const bucket = { kind: "s3", name: "theirs", endpoint: "https://s3.example.com", region: "us-east-1" } as const;
const config = stackConfig("debt-os", { backup: { ...DEV_BACKUPS, bucket } });
const system = deployedSystem(config);

/** A toolbox that answers each command with what is given for its words. */
class Answers implements Standalone {
    readonly asked: string[] = [];

    constructor(private readonly answers: [RegExp, { exitCode?: number; stdout?: string; stderr?: string }][]) {}

    exec(command: string[]) {
        const text = command.join(" ");
        this.asked.push(text);
        const answer = this.answers.find(([pattern]) => pattern.test(text))?.[1] ?? { exitCode: 127 };
        return Promise.resolve({ exitCode: 0, stdout: "", stderr: "", ...answer });
    }

    close() {
        return Promise.resolve();
    }
}

const backup = (store: string, method: string) => ({ id: `${store}-${method}`, store, method }) as Manifest;

describe("the toolbox without its stack", () => {
    const secrets = {
        BACKUP_PASSWORD: "the passphrase",
        BACKUP_ACCESS_KEY_ID: "the id",
        BACKUP_SECRET_ACCESS_KEY: "the key",
        JWT_SECRET: "of no use to it",
    };
    const files = standaloneFiles({ stack: "prod", system: "debt-os", bucket, secrets });

    it("has a configuration that it takes, of the folder that the stack's backups are in", () => {
        const { repository } = parseConfig(files[CONFIGURATION]!, CONFIGURATION);
        expect(repository).toMatchObject({
            ...{ endpoint: bucket.endpoint, bucket: "theirs", prefix: "prod", addressing: "path" },
        });
        const opened = repository.kind === "s3" ? [repository.passwordFile, repository.credentialsFile!] : [];
        expect(opened.map((path) => files[path])).toEqual([
            "the passphrase",
            "[default]\naws_access_key_id = the id\naws_secret_access_key = the key\n",
        ]);
    });

    it("holds no secret but those that open the bucket, and none in its configuration", () => {
        expect(JSON.stringify(files)).not.toContain("of no use to it");
        for (const secret of Object.values(secrets)) expect(files[CONFIGURATION]).not.toContain(secret);
    });

    it("tells of the newest backups from before alone", async () => {
        const toolbox = new Answers([[/^backup list/, { stdout: '[{"id":"one"}]\n' }]]);
        const before = new Date("2026-11-29T10:00:00Z");
        expect(await newestBackups(toolbox, before)).toEqual([{ id: "one" }]);
        expect(toolbox.asked).toEqual(["backup list --json --newest --before 2026-11-29T10:00:00.000Z"]);
    });

    it("says what is wrong with the bucket in the toolbox's words", async () => {
        const stderr = '{"level":50,"msg":"the bucket cannot be reached","remedy":"Look at its address."}\n';
        const toolbox = new Answers([[/^backup list/, { exitCode: 5, stderr }]]);
        await expect(newestBackups(toolbox, new Date())).rejects.toMatchObject({
            message: "the bucket cannot be reached",
            hint: "Look at its address.",
        });
    });

    it("gives the secrets of a backup, and none where the stack keeps them elsewhere", async () => {
        const restores: [RegExp, object] = [/^backup restore config --at config-1 --into \S+ --no-safety-copy$/, {}];
        const file = new RegExp(`cat ${STACK_FILES.secrets}`);
        const has = new Answers([restores, [file, { stdout: '{"JWT_SECRET":"as it was"}' }]]);
        expect(await secretsIn(has, "config-1")).toEqual({ JWT_SECRET: "as it was" });
        expect(await secretsIn(new Answers([restores, [file, {}]]), "config-1")).toEqual({});
        const empty = new Answers([restores, [file, { exitCode: 1, stderr: "no such file" }]]);
        await expect(secretsIn(empty, "config-1")).rejects.toThrow("config-1 cannot be read: no such file");
    });
});

describe("what a rebuild brings back", () => {
    it("is all that the stack backs up, its own configuration among it whatever the document keeps elsewhere", () => {
        expect(wantedStores({ system }, [])).toEqual(["postgres", "redis", "config"]);
        expect(wantedStores({ system }, ["redis"])).toEqual(["postgres", "config"]);
        expect(() => wantedStores({ system }, ["mongo"])).toThrow("--without mongo: there is no such store.");
    });

    it("is each store's files and log where there are any, and refused where one has no backup", () => {
        const backups = [backup("postgres", "logical"), backup("postgres", "physical"), backup("redis", "snapshot")];
        expect(planned(["postgres", "redis"], backups, { flag: "" }).map((one) => one.backup.id)).toEqual([
            "postgres-physical",
            "redis-snapshot",
        ]);
        expect(() => planned(["postgres", "redis", "config"], backups, { flag: " --stack prod" })).toThrow(
            expect.objectContaining({
                message: "The bucket has no backup of config.",
                hint: '"gw rebuild --stack prod --without config" leaves that empty.',
            }),
        );
    });

    it("is Postgres' newest dump where that is asked for, and each other store as ever", () => {
        const backups = [backup("postgres", "physical"), backup("postgres", "logical"), backup("redis", "snapshot")];
        const plan = planned(["postgres", "redis"], backups, { flag: "", method: "logical" });
        expect(plan.map((one) => one.backup.id)).toEqual(["postgres-logical", "redis-snapshot"]);
        const files = { ...backup("postgres", "physical"), pointAt: "2026-11-24T01:30:00.000Z" };
        expect(() => planned(["postgres"], [files], { flag: "", method: "logical" })).toThrow(
            expect.objectContaining({
                message: "The bucket has no logical backup of postgres.",
                hint: 'The newest is the physical one of 2026-11-24T01:30:00.000Z: "gw rebuild" without --method has it.',
            }),
        );
    });

    it("is refused before anything is made where the toolbox cannot open it, with what there is instead", async () => {
        const files = { ...backup("postgres", "physical"), details: { major: "16" } };
        const has = (exitCode: number) =>
            new Answers([[/^test -x \/usr\/lib\/postgresql\/16\/bin\/postgres$/, { exitCode }]]);
        expect(await opens(has(0), files)).toBe(true);
        expect(await opens(has(1), files)).toBe(false);
        expect(await opens(new Answers([]), backup("redis", "snapshot"))).toBe(true);

        const dump = { ...backup("postgres", "logical"), pointAt: "2026-11-24T02:00:00.000Z" };
        const error = cannotOpen({ store: "postgres", backup: files }, [files, dump], " --stack prod");
        expect(error.message).toBe(
            "The toolbox has no server of Postgres 16, and the files of postgres open with that alone.",
        );
        expect(error.hint).toContain('as of 2026-11-24T02:00:00.000Z: "gw rebuild --stack prod --method logical"');
        expect(cannotOpen({ store: "postgres", backup: files }, [files], "").hint).not.toContain("--method");
    });

    it("are the secrets that the new stack would draw at random, not what its file says or is made of them", () => {
        const secrets = { JWT_SECRET: "1", POSTGRES_PASSWORD: "2", POSTGRES_URL: "3", UNKNOWN: "4" };
        expect(drawnSecrets(secrets, { system, config })).toEqual({ JWT_SECRET: "1", POSTGRES_PASSWORD: "2" });
        const given = { ...config, givenSecrets: ["JWT_SECRET"] };
        expect(drawnSecrets(secrets, { system, config: given })).toEqual({ POSTGRES_PASSWORD: "2" });
    });
});

it("a rebuild that was interrupted is found by the next one, until it is done", () => {
    const project = projectAt(temporary());
    expect(readRebuilding(project, "prod")).toBeUndefined();
    const rebuilding = { before: "2026-11-29T10:00:00Z", stores: ["postgres", "redis"], done: { postgres: 12 } };
    writeRebuilding(project, "prod", rebuilding);
    expect(readRebuilding(project, "prod")).toEqual(rebuilding);
    expect(readRebuilding(project, "dev")).toBeUndefined();
    forgetRebuilding(project, "prod");
    expect(readRebuilding(project, "prod")).toBeUndefined();
});
