import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { recovered, strictest, writePage } from "../support/recovery-page";
import { BUCKET_SERVER, credentials, OBJECTS } from "./support/bucket";
import { Lab, must } from "./support/lab";

const MIB = 1024 * 1024;

describe("backups in a bucket", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const mounts = ["-v", `${lab.volume("app")}:/stores/app`, "-v", `${lab.volume("local")}:/backups`];
    const stores = {
        projects: {
            driver: "files" as const,
            directory: "/stores/app",
            schedules: [{ name: "daily", cron: "0 2 * * *", kind: "full" as const }],
            retention: { days: 7 },
        },
    };
    const write = (content: string) =>
        lab.shell(
            `echo '${content}' > /stores/app/note; head -c ${MIB} /dev/urandom > /stores/app/random; chown -R 999:999 /stores/app`,
            mounts,
        );
    const note = () => lab.shell("cat /stores/app/note", mounts);
    const run = async () => (await lab.mustBackup(["run", "projects", "--tier", "daily"], mounts)).trim();
    const list = async () =>
        (await lab.mustBackup(["list"], mounts))
            .split("\n")
            .filter(Boolean)
            .map((line) => line.split(/\s+/)[2]!);
    const stored = async () => Number((await lab.exec(BUCKET_SERVER, ["du", "-sb", OBJECTS])).split(/\s/)[0]);
    const fails = async (code: number, said: RegExp, args: string[]) => {
        const outcome = await lab.backup(args, mounts);
        expect(outcome.stderr).toMatch(said);
        expect(outcome.stderr).toContain('"remedy"');
        expect(outcome.code).toBe(code);
    };

    beforeAll(async () => {
        await lab.open(["s3"]);
        await lab.shell("chown 999:999 /backups", mounts);
        await lab.useBucket();
        lab.config({ stores });
        await write("first");
    }, 1_800_000);
    afterAll(async () => {
        await lab.close();
        await writePage();
    });

    test("the writing identity backs up, reads back and restores, and cannot remove a backup", async () => {
        const { repository } = lab.config({ stores });
        const id = await run();
        expect((await lab.mustBackup(["verify", "projects"], mounts)).trim()).toBe(id);
        await write("second");
        await lab.mustBackup(["restore", "projects"], mounts);
        await lab.mustBackup(["restore", "projects", "--swap"], mounts);
        expect(await note()).toBe("first\n");

        await lab.age(id, 20);
        const newer = await run();
        await lab.age(newer, 12);
        lab.config({ stores, repository: { ...repository, pruneCredentialsFile: undefined } as typeof repository });
        const before = await list();
        try {
            await fails(5, /refuses the credentials/, ["prune"]);
        } finally {
            lab.config({ stores });
        }
        expect(await list()).toEqual(before);
    });

    test("prune frees what is over once something newer was verified, and never the last one that was", async () => {
        // Of the test before: those of 20 and of 12 days ago, and the safety copy of the restore.
        const [, twenty] = (await list()).slice(-2);
        await write("third");
        const ten = await run();
        await lab.age(ten, 10);
        const removed = (await lab.mustBackup(["prune"], mounts)).trim().split("\n");
        expect(removed, "older than the rules say, before the newest").toEqual([twenty]);
        expect(await list()).toContain(ten);

        await write("fourth");
        const unfinished = await run();
        const [manifest] = JSON.parse(
            await lab.restic(["snapshots", "--json", "--tag", `id:${unfinished},part:manifest.json`]),
        ) as { id: string }[];
        await lab.restic(["forget", manifest!.id]);
        expect((await lab.mustBackup(["prune"], mounts)).trim(), "nothing newer was verified").toBe("");
        expect(await list()).toContain(ten);

        await write("fifth");
        const good = await run();
        const size = await stored();
        expect((await lab.mustBackup(["prune"], mounts)).trim().split("\n")).toContain(ten);
        expect(await stored(), "its bytes are gone").toBeLessThan(size - MIB / 2);
        expect(await list()).toContain(good);
        await lab.mustBackup(["verify", "--read-data"], mounts);
        await write("sixth");
        await lab.mustBackup(["restore", "projects", "--at", good, "--no-safety-copy"], mounts);
        await lab.mustBackup(["restore", "projects", "--swap"], mounts);
        expect(await note()).toBe("fifth\n");
    });

    test("keys that are wrong, unknown, expired, or refused because of this machine's clock", async () => {
        const { repository } = lab.config({ stores });
        const other = (name: string, access: string, secret: string) =>
            lab.config({
                stores,
                repository: { ...repository, credentialsFile: credentials(lab, name, { access, secret }) } as never,
            });
        other("wrong", "writer", "not the secret");
        await fails(5, /refuses the credentials/, ["run", "projects"]);
        other("unknown", "nobody", "not the secret");
        await fails(5, /refuses the credentials/, ["run", "projects"]);

        // versitygw has no keys that expire; this answers as AWS does.
        const answer = `require("http").createServer((q, r) => {
            const [status, code, message] = q.url.startsWith("/skewed")
                ? [403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."]
                : [400, "ExpiredToken", "The provided token has expired."];
            r.writeHead(status, {"content-type": "application/xml"});
            r.end("<?xml version=\\"1.0\\"?><Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
        }).listen(7070)`;
        const name = lab.container("refusing");
        await must("docker", [
            ...["run", "-d", "--name", name, "--network-alias", "refusing", ...lab.toolboxArgs()],
            ...["--entrypoint", "node", lab.toolbox, "-e", answer],
        ]);
        await lab.ready("refusing", ["curl", "-s", "-o", "/dev/null", "http://127.0.0.1:7070/"]);
        const at = (bucket: string) =>
            lab.config({ stores, repository: { ...repository, endpoint: "http://refusing:7070", bucket } as never });
        at("expired");
        await fails(5, /refuses the credentials/, ["run", "projects"]);
        at("skewed");
        await fails(5, /this machine's clock is wrong/, ["run", "projects"]);
        lab.config({ stores });
    });

    test("a server that is away, and the run after it is back", async () => {
        await must("docker", ["stop", "--time", "10", lab.container(BUCKET_SERVER)]);
        await fails(5, /the bucket cannot be reached/, ["run", "projects"]);
        await must("docker", ["start", lab.container(BUCKET_SERVER)]);
        await lab.ready(BUCKET_SERVER, ["wget", "-qO-", "http://127.0.0.1:7070/health"]);
        await run();
    });

    test("a pack that is damaged in the bucket is found, and the copy on the machine brings everything back", async () => {
        lab.config({ stores, localCopy: { path: "/backups", days: 7 } });
        await write("seventh");
        await run();
        await lab.exec(BUCKET_SERVER, [
            "sh",
            "-ec",
            `find ${OBJECTS}/lab-dev/stores/data -type f -size +100k | while read -r pack; do printf rubbish | dd of="$pack" bs=1 seek=50000 conv=notrunc status=none; done`,
        ]);
        const began = Date.now();
        await fails(6, /damaged|not what was backed up/, ["verify", "projects"]);
        await write("eighth");
        await fails(6, /damaged|not what was backed up/, ["restore", "projects", "--no-safety-copy"]);
        expect(await note()).toBe("eighth\n");
        await lab.mustBackup(["restore", "projects", "--local", "--no-safety-copy"], mounts);
        await lab.mustBackup(["restore", "projects", "--swap"], mounts);
        expect(await note()).toBe("seventh\n");
        recovered({
            scenario: "Bucket: bytes flipped in its packs, restored from the copy on the machine",
            objective: strictest("complete-loss"),
            rtoSeconds: (Date.now() - began) / 1000,
            // Compared above: nothing is missing.
            rpoSeconds: 0,
        });
    });
});
