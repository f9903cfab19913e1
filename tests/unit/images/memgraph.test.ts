import neo4j from "neo4j-driver";
import { describe, expect, it } from "vitest";

import { negotiate } from "../../../images/memgraph/src/bolt/server";
import { splitStatements } from "../../../images/memgraph/src/cypher/lexer";
import { FlagError, parseFlags } from "../../../images/memgraph/src/flags";
import { onEmptyDirectories, query, start } from "./memgraph-server";

onEmptyDirectories();

describe("the Memgraph stand-in, with the Neo4j driver", () => {
    it("answers the health query and names itself as a stand-in", async () => {
        const { driver } = await start();
        expect(await query(driver, "RETURN 1 AS one")).toEqual([{ one: 1 }]);
        expect(await query(driver, "SHOW VERSION")).toEqual([{ version: "2.12.0-groundwork-stand-in" }]);
        const info = await driver.getServerInfo();
        expect(info.agent).toMatch(/stand-in/);
        expect(info.protocolVersion).toBe(5.2);
    });

    it("creates, merges, matches, changes and deletes", async () => {
        const { driver } = await start();
        await query(
            driver,
            "CREATE (:File {path: '/a', size: 1}), (:File:Large {path: '/b', size: 9, tags: ['x', 'y']})",
        );
        await query(driver, "MATCH (a:File {path: '/a'}), (b:File {path: '/b'}) CREATE (a)-[:IMPORTS {line: 3}]->(b)");
        expect(await query(driver, "MATCH (n) RETURN count(n) AS nodes")).toEqual([{ nodes: 2 }]);
        expect(
            await query(
                driver,
                "MATCH (a)-[r:IMPORTS]->(b) WHERE b.size > $size RETURN a.path, r.line AS line, b.tags AS tags",
                {
                    size: neo4j.int(5),
                },
            ),
        ).toEqual([{ "a.path": "/a", line: 3, tags: ["x", "y"] }]);
        for (let i = 0; i < 2; i++) {
            await query(driver, "MERGE (f:File {path: '/c'}) ON CREATE SET f.made = true ON MATCH SET f.seen = true");
        }
        expect(await query(driver, "MATCH (f:File {path: '/c'}) RETURN f.made AS made, f.seen AS seen")).toEqual([
            { made: true, seen: true },
        ]);
        await query(driver, "MATCH (f:File) SET f += {kind: 'source'}, f:Seen REMOVE f.size");
        expect(
            await query(
                driver,
                "MATCH (f:Seen) RETURN f.kind AS kind, count(*) AS files, sum(f.size) AS size ORDER BY files LIMIT 1",
            ),
        ).toEqual([{ kind: "source", files: 3, size: 0 }]);
        await expect(query(driver, "MATCH (f {path: '/a'}) DELETE f")).rejects.toThrow(/DETACH DELETE/);
        await query(driver, "MATCH (n) DETACH DELETE n");
        expect(await query(driver, "MATCH (n) RETURN count(n) AS nodes")).toEqual([{ nodes: 0 }]);
    });

    it("returns nodes and relationships as the driver's own types", async () => {
        const { driver } = await start();
        const [row] = await query(driver, "CREATE (a:A {x: 1})-[r:T {y: 2.0}]->(b:B) RETURN a, r, b");
        expect(row).toMatchObject({
            a: { labels: ["A"], properties: { x: 1 } },
            r: { type: "T", properties: { y: 2 } },
            b: { labels: ["B"] },
        });
    });

    it("keeps what a transaction does to itself until it commits, and nothing when it is rolled back", async () => {
        const { driver } = await start();
        const session = driver.session();
        const transaction = await session.beginTransaction();
        await transaction.run("CREATE (:A {x: 1})");
        await transaction.rollback();
        await session.executeWrite((tx) => tx.run("CREATE (:A {x: 2})"));
        await session.close();
        expect(await query(driver, "MATCH (a:A) RETURN a.x AS x")).toEqual([{ x: 2 }]);
    });

    it("takes back a transaction whose client went away or waits too long", async () => {
        const { driver } = await start({ transactionTimeoutMs: 1500, lockTimeoutMs: 60_000 });
        const session = driver.session();
        const transaction = await session.beginTransaction();
        await transaction.run("CREATE (:Forgotten)");
        expect(await query(driver, "MATCH (n) RETURN count(n) AS nodes")).toEqual([{ nodes: 0 }]);
        await expect(transaction.commit()).rejects.toThrow(/open for too long/);
        await session.close();
    });

    it("enforces unique and existence constraints at commit", async () => {
        const { driver } = await start();
        await query(driver, "CREATE CONSTRAINT ON (u:User) ASSERT u.email IS UNIQUE");
        await query(driver, "CREATE CONSTRAINT ON (u:User) ASSERT EXISTS (u.name)");
        await query(driver, "CREATE (:User {email: 'a', name: 'A'})");
        await expect(query(driver, "CREATE (:User {email: 'a', name: 'B'})")).rejects.toThrow(/unique constraint/);
        await expect(query(driver, "CREATE (:User {email: 'b'})")).rejects.toThrow(/existence constraint/);
        expect(await query(driver, "MATCH (u) RETURN count(u) AS users")).toEqual([{ users: 1 }]);
    });

    it.each([
        ["CALL mg.procedures() YIELD *", /does not know CALL/],
        ["MATCH (a)-[*1..3]->(b) RETURN a", /variable length/],
        ["RETURN reduce(x)", /Unbound variable|does not know the function reduce/],
        ["MATCH (n) RETRUN n", /expected|does not know RETRUN/],
        ["RETURN $missing", /\$missing not provided/],
        ["RETURN nothing", /Unbound variable: nothing/],
        ["MATCH (n)", /cannot end with MATCH/],
        ["RETURN 'open", /cannot read/],
        [";", /empty/],
    ])("answers %s with a failure that says why, and goes on", async (text, reason) => {
        const { driver } = await start();
        const session = driver.session();
        await expect(session.run(text)).rejects.toMatchObject({
            message: expect.stringMatching(reason) as string,
            code: expect.stringContaining("ClientError") as string,
        });
        expect((await session.run("RETURN 1 AS one")).records).toHaveLength(1);
        await session.close();
    });

    it("dumps a database that its own replay makes again", async () => {
        const { driver } = await start();
        await query(driver, "CREATE INDEX ON :File(path)");
        await query(driver, "CREATE CONSTRAINT ON (f:File) ASSERT f.path IS UNIQUE");
        await query(
            driver,
            "CREATE (:`odd label` {`odd key`: $text, f: 1.0, i: 1, big: $big, nested: {a: [1, null, 'x']}})",
            {
                text: "quote \" apostrophe ' backslash \\ newline \n unicode \u2028 é",
                big: neo4j.int("9223372036854775807"),
            },
        );
        await query(driver, "UNWIND range(1, 20) AS i CREATE (:File {path: '/f' + toString(i), i: i})");
        await query(
            driver,
            "MATCH (a:File {i: 1}), (b:File {i: 2}) CREATE (a)-[:NEXT {w: 0.5}]->(b), (b)-[:SELF]->(b)",
        );
        const dumped = (await query(driver, "DUMP DATABASE")).map((row) => String(row.QUERY));
        await query(driver, "MATCH (n) DETACH DELETE n");
        await query(driver, "DROP INDEX ON :File(path)");
        await query(driver, "DROP CONSTRAINT ON (f:File) ASSERT f.path IS UNIQUE");
        const session = driver.session();
        for (const statement of splitStatements(dumped.join("\n")).statements) await session.run(statement);
        await session.close();
        const again = (await query(driver, "DUMP DATABASE")).map((row) => String(row.QUERY));
        const withoutIds = (lines: string[]) => lines.map((line) => line.replace(/__mg_id__(:| =) \d+/g, "id"));
        expect(withoutIds(again)).toEqual(withoutIds(dumped));
        expect(await query(driver, "MATCH (n:File {i: 2})<-[r:NEXT]-(m) RETURN m.path AS path, r.w AS w")).toEqual([
            { path: "/f1", w: 0.5 },
        ]);
    });
});

describe("its command line", () => {
    it("takes Memgraph's flags in all their forms", () => {
        const flags = parseFlags([
            "--bolt-port=7000",
            "--memory-limit",
            "448",
            "--also_log_to_stderr",
            "--nostorage-snapshot-on-exit",
            "--storage-recover-on-startup=false",
            "--telemetry-enabled=false",
            "--monitoring-port=7444",
        ]);
        expect(flags).toMatchObject({
            boltPort: 7000,
            memoryLimitMiB: 448,
            alsoLogToStderr: true,
            snapshotOnExit: false,
            recover: false,
        });
    });

    it.each([
        [["--bolt-prot=1"], /unknown command line flag 'bolt-prot'/],
        [["--bolt-port=x"], /whole number/],
        [["--log-level=LOUD"], /must be one of/],
        [["--storage-snapshot-interval-sec=0"], /greater than 0/],
        [["--memory-limit"], /missing its argument/],
    ])("refuses %j", (args, reason) => {
        expect(() => parseFlags(args)).toThrow(FlagError);
        expect(() => parseFlags(args)).toThrow(reason);
    });

    it("speaks the Bolt versions of Memgraph 2.12", () => {
        expect(negotiate(Buffer.of(0, 0, 1, 0xff, 0, 8, 8, 5, 0, 2, 4, 4, 0, 0, 0, 3))).toEqual({ major: 5, minor: 2 });
        expect(negotiate(Buffer.of(0, 0, 8, 5, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0))).toEqual({ major: 4, minor: 3 });
        expect(negotiate(Buffer.of(0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
    });
});

describe("a script", () => {
    it("is split at semicolons outside of quotes and comments", () => {
        expect(
            splitStatements(`RETURN "a;b"; // c;d\nRETURN 'e\\';f';\nRETURN \`g;h\`; /* i;j */ RETURN 1; RETURN "open`),
        ).toEqual({
            statements: [`RETURN "a;b"`, `// c;d\nRETURN 'e\\';f'`, "RETURN `g;h`", "/* i;j */ RETURN 1"],
            rest: ` RETURN "open`,
        });
    });
});
