/** The graph of a running Memgraph as statements: dumped, counted, and put in another's place within one transaction. */
import neo4j, { type Session, type Transaction } from "neo4j-driver";

import type { MemgraphConfig } from "../../config.stores";
import { BackupError, EXIT } from "../../errors";
import { compareContents, type Contents } from "../../manifest";
import { secretOf } from "../../secret";

export async function withSession<T>(config: MemgraphConfig, action: (session: Session) => Promise<T>): Promise<T> {
    const { host, port, user, passwordFile } = config;
    const auth = user && passwordFile ? neo4j.auth.basic(user, secretOf(passwordFile)) : undefined;
    const driver = neo4j.driver(`bolt://${host}:${port}`, auth, {
        connectionAcquisitionTimeout: 15_000,
        maxTransactionRetryTime: 0,
    });
    const session = driver.session();
    try {
        return await action(session);
    } catch (error) {
        if (error instanceof BackupError) throw error;
        throw new BackupError(`Memgraph at ${host}:${port}: ${(error as Error).message}`, {
            exit: EXIT.store,
            remedy: "Look whether it runs and answers (gw status, gw logs memgraph).",
            cause: error,
        });
    } finally {
        await session.close();
        await driver.close();
    }
}

export async function countGraph(session: Session | Transaction): Promise<Contents> {
    const nodes = await session.run("MATCH (n) RETURN count(n) AS count");
    const edges = await session.run("MATCH ()-[r]->() RETURN count(r) AS count");
    const count = (result: typeof nodes) => neo4j.integer.toNumber(result.records[0]!.get("count") as never);
    return { nodes: { count: count(nodes) }, relationships: { count: count(edges) } };
}

const FIRST_LINE = "// DUMP DATABASE";

/** One statement a line. An empty graph has none, and a part without a byte is none either: hence the first line. */
export async function dumpGraph(session: Session): Promise<{ text: string; statements: number }> {
    const { records } = await session.run("DUMP DATABASE");
    const statements = records.map((record) => String(record.get(0)));
    return { text: `${[FIRST_LINE, ...statements].join("\n")}\n`, statements: statements.length };
}

/** Statements of what `dumpGraph` wrote. */
export function statementsOf(text: string): string[] {
    return text.split("\n").filter((line) => line !== "" && line !== FIRST_LINE);
}

/**
 * Makes the running graph that of a dump. Nodes and relationships change in one transaction, whose end is counted before it is committed:
 * whatever moment it is interrupted at, the graph is the old one. Memgraph takes indexes and constraints in transactions of their own
 * alone.
 *
 * @throws BackupError when the graph does not come to what it must hold; then it is as it was
 */
export async function replaceGraph(session: Session, text: string, expected: Contents): Promise<void> {
    const statements = statementsOf(text);
    const isIndex = (line: string) => /^CREATE (EDGE |TEXT |POINT )?INDEX /i.test(line);
    const isConstraint = (line: string) => /^CREATE CONSTRAINT /i.test(line);
    const isDropped = (line: string) => /^DROP INDEX /i.test(line);
    for (const line of statements.filter(isIndex)) await session.run(line);
    const transaction = session.beginTransaction();
    try {
        await transaction.run("MATCH (n) DETACH DELETE n");
        for (const line of statements.filter((one) => ![isIndex, isConstraint, isDropped].some((is) => is(one))))
            await transaction.run(line);
        const differences = compareContents(expected, await countGraph(transaction));
        if (differences.length > 0) {
            throw new BackupError(["what was loaded is not what was backed up:", ...differences].join("\n    "), {
                exit: EXIT.verification,
                remedy: "The live graph is untouched. Restore an older backup (backup list).",
            });
        }
        await transaction.commit();
    } finally {
        // Rolls back what was not committed.
        await transaction.close();
    }
    for (const line of statements.filter((one) => isConstraint(one) || isDropped(one))) await session.run(line);
}
