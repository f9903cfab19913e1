/**
 * What a stack says of its backups: none, another bucket, other stores, other objectives. Cannot prove: see harness.ts. `tsx/cjs` lets the
 * `require` of the bucket on AWS read TypeScript, as Pulumi's own loader does in a program.
 */
import "tsx/cjs";

import { expect, test } from "vitest";

import { deployedSystem } from "../../../../systems";
import { allGiven, DEV_BACKUPS, platform, stackConfig } from "../fixtures";
import { record } from "../harness";
import { configurationOf, CONTAINER, uploads } from "./fixtures";

test("without backups nothing of them is made, and Postgres keeps no log for them", async () => {
    const [, recording] = await record(() => platform(stackConfig("debt-os"), { given: allGiven("debt-os") }));
    expect(recording.all.filter(({ name }) => /backup|-s3/.test(name))).toEqual([]);
    expect(JSON.stringify(recording.one("gw-test-postgres", CONTAINER).inputs)).not.toContain("max_slot_wal_keep_size");
});

test("with backups Postgres keeps an eighth of its volume in log for them at most", async () => {
    const config = stackConfig("debt-os", { backup: DEV_BACKUPS });
    const [, recording] = await record(() => platform(config, { given: allGiven("debt-os") }));
    expect(recording.one("gw-test-postgres", CONTAINER).inputs.command).toContain("max_slot_wal_keep_size=256MB");
});

test("a bucket of somebody else's is reached with the keys that are given, in its region", async () => {
    const bucket = {
        kind: "s3",
        name: "theirs",
        endpoint: "https://s3.eu-central-1.amazonaws.com",
        region: "eu-central-1",
    } as const;
    const config = stackConfig("debt-os", { backup: { ...DEV_BACKUPS, bucket, localDays: 7 } });
    const keys = { BACKUP_ACCESS_KEY_ID: "given id", BACKUP_SECRET_ACCESS_KEY: "given key" };
    const [, recording] = await record(() => platform(config, { given: { ...allGiven("debt-os"), ...keys } }));
    const { repository, localCopy } = configurationOf(recording, "backup");
    expect(repository).toMatchObject({ bucket: "theirs", region: "eu-central-1", addressing: "dns", prefix: "test" });
    expect(localCopy).toEqual({ path: "/backups", days: 7 });
    expect(recording.all.filter(({ name }) => name === "gw-test-s3")).toEqual([]);
});

test("a Postgres that somebody else runs is dumped from where it is, and its certificate verified; a Redis is left to its owner", async () => {
    const outside = { mode: "external" as const, host: "db.example.com", port: 5433, addresses: [] as string[] };
    const config = stackConfig("debt-os", {
        backup: DEV_BACKUPS,
        stores: { postgres: { ...outside, tls: "verify-full" }, redis: { ...outside, tls: true } },
    });
    const secrets = { POSTGRES_PASSWORD: "given p", REDIS_PASSWORD: "given r", POSTGRES_CA_CERTIFICATE: "given ca" };
    const [, recording] = await record(() => platform(config, { given: { ...allGiven("debt-os"), ...secrets } }));
    const { stores } = configurationOf(recording, "backup");
    expect(Object.keys(stores)).toEqual(["config", "postgres"]);
    expect(stores.postgres).toMatchObject({
        host: "db.example.com",
        port: 5433,
        sslMode: "verify-full",
        caFile: "/run/secrets/POSTGRES_CA_CERTIFICATE",
    });
    expect(stores.postgres).not.toHaveProperty("dataDirectory");
    const filler = recording.one("gw-test-backup-run-secrets-files", CONTAINER);
    expect(uploads(filler).map(({ file }) => file)).toContain("/run/secrets/POSTGRES_CA_CERTIFICATE");
});

test("a bucket on AWS is made with the stack, and its writer's key is not its pruner's", async () => {
    const bucket = { kind: "aws", region: "eu-central-1", noncurrentDays: 30 } as const;
    const config = stackConfig("opshub", { environment: "prod", backup: { ...DEV_BACKUPS, bucket } });
    const [, recording] = await record(() => platform(config, { given: allGiven("opshub") }));
    expect(recording.ofType("aws:s3/bucket:Bucket").map(({ name }) => name)).toContain("gw-test-backups");
    expect(
        recording
            .ofType("aws:iam/accessKey:AccessKey")
            .map(({ name }) => name)
            .sort(),
    ).toEqual(["gw-test-backups-pruner", "gw-test-backups-writer"]);
});

test("drills are told of the document's objectives, and of the stack's where it asks for more", async () => {
    const config = stackConfig("debt-os", {
        backup: DEV_BACKUPS,
        objectives: { "database-corruption": { rpoSeconds: 90 } },
    });
    const [, recording] = await record(() => platform(config, { given: allGiven("debt-os") }));
    const own = deployedSystem(config).objectives.map(({ scenario, rtoSeconds, rpoSeconds }) => ({
        scenario,
        rtoSeconds,
        rpoSeconds: scenario === "database-corruption" ? 90 : rpoSeconds,
    }));
    expect(configurationOf(recording, "backup").objectives).toEqual(own);
});
