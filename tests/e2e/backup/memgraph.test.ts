import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { needsDocker } from "../docker/support/docker";
import { Lab, must } from "./support/lab";

/** What is proven here is proven on the stand-in of `images/memgraph`: no image of Memgraph itself can be had on this machine. */
describe("Memgraph's stand-in", { timeout: 1_200_000 }, () => {
    needsDocker();
    const lab = new Lab();
    const mounts = ["-v", `${lab.volume("memgraph")}:/stores/memgraph`, "--user", "101:103"];

    const start = async () => {
        await lab.server("memgraph", "memgraph", ["-v", `${lab.volume("memgraph")}:/var/lib/memgraph`]);
        await lab.ready("memgraph", ["sh", "-c", "echo 'RETURN 1;' | mgconsole"]);
    };
    const ask = (query: string) => lab.exec("memgraph", ["mgconsole", "--output-format=csv"], `${query};\n`);
    const counts = async () =>
        `${await ask("MATCH (n) RETURN count(n) AS c")}${await ask("MATCH ()-[r]->() RETURN count(r) AS c")}`;

    beforeAll(async () => {
        await lab.open(["memgraph"]);
        // A volume that is empty takes its owner from the image at every start.
        await lab.shell(
            "touch /var/lib/groundwork-backup/.owned /repository/.owned && chown 101:103 /var/lib/groundwork-backup /repository",
        );
        await start();
        await ask("CREATE (:File {path: 'a.ts'})-[:IMPORTS {line: 3}]->(:File {path: 'b.ts'})");
        await ask("CREATE (:Symbol {name: 'main'})");
        lab.config({
            stores: {
                memgraph: {
                    driver: "memgraph",
                    host: "memgraph",
                    dataDirectory: "/stores/memgraph",
                    schedules: [{ name: "daily", cron: "0 2 * * *", kind: "logical" }],
                    retention: { days: 30 },
                },
            },
        });
    }, 1_800_000);
    afterAll(() => lab.close());

    test("brings back the graph that was there, and the restore can be undone", async () => {
        const before = await counts();
        await lab.mustBackup(["run", "memgraph"], mounts);
        await ask("MATCH (n) DETACH DELETE n");
        const damaged = await counts();
        expect(damaged).not.toBe(before);

        await lab.mustBackup(["restore", "memgraph"], mounts);
        expect((await lab.backup(["restore", "memgraph", "--swap"], mounts)).code, "while it runs").toBe(3);
        await must("docker", ["stop", lab.container("memgraph")]);
        await must("docker", ["rm", "-v", lab.container("memgraph")]);
        await lab.mustBackup(["restore", "memgraph", "--swap"], mounts);
        await start();
        expect(await counts()).toBe(before);

        await must("docker", ["stop", lab.container("memgraph")]);
        await must("docker", ["rm", "-v", lab.container("memgraph")]);
        await lab.mustBackup(["restore", "memgraph", "--undo"], mounts);
        await start();
        expect(await counts()).toBe(damaged);
    });

    test("--graph-only brings the graph back while it runs, and can be undone", async () => {
        await ask("CREATE (:File {path: 'a \"quoted\" name'})-[:IMPORTS {line: 3}]->(:File {path: 'b.ts'})");
        const before = await ask("MATCH (n) RETURN n.path AS path ORDER BY path");
        await lab.mustBackup(["run", "memgraph"], mounts);
        await ask("MATCH (n) DETACH DELETE n");
        await ask("CREATE (:Since)");
        const damaged = await counts();
        await lab.mustBackup(["restore", "memgraph", "--graph-only"], mounts);
        expect(await ask("MATCH (n) RETURN n.path AS path ORDER BY path")).toBe(before);
        expect(await ask("MATCH (:File)-[r:IMPORTS]->(:File) RETURN r.line AS line")).toContain("3");
        await lab.mustBackup(["restore", "memgraph", "--undo"], mounts);
        expect(await counts()).toBe(damaged);
    });
});
