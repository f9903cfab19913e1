/**
 * mgconsole: reads statements from standard input, or `-e STATEMENT`, and prints what they return.
 *
 * `--host`, `--port`, `--username`, `--password`, `--use_ssl`, `--output_format=tabular|csv|cypherl`, with hyphens or underscores.
 */
import { parseArgs } from "node:util";

import neo4j, { type Record as Row, type Session } from "neo4j-driver";

import { splitStatements } from "./cypher/lexer";

const OPTIONS = {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "7687" },
    username: { type: "string", default: "" },
    password: { type: "string", default: "" },
    "use-ssl": { type: "boolean", default: false },
    "output-format": { type: "string", default: "tabular" },
    execute: { type: "string", short: "e" },
} as const;

async function main(): Promise<void> {
    const args = process.argv.slice(2).map((arg) => arg.replace(/^--[\w-]+/, (name) => name.replaceAll("_", "-")));
    const { values } = parseArgs({ args, options: OPTIONS });
    const scheme = values["use-ssl"] ? "bolt+s" : "bolt";
    const auth = values.username === "" ? undefined : neo4j.auth.basic(values.username, values.password);
    const driver = neo4j.driver(`${scheme}://${values.host}:${values.port}`, auth);
    const session = driver.session();
    try {
        for await (const statement of values.execute === undefined ? fromInput() : [values.execute]) {
            await run(session, statement, values["output-format"]);
        }
    } finally {
        await session.close();
        await driver.close();
    }
}

async function* fromInput(): AsyncGenerator<string> {
    let pending = "";
    process.stdin.setEncoding("utf8");
    for await (const chunk of process.stdin) {
        const { statements, rest } = splitStatements(pending + String(chunk));
        yield* statements;
        pending = rest;
    }
    if (pending.trim() !== "") yield pending;
}

async function run(session: Session, statement: string, format: string): Promise<void> {
    try {
        const { records } = await session.run(statement);
        print(records, format);
    } catch (error) {
        // What comes after it may rely on it.
        throw new Error(`${(error as Error).message}\n    in: ${statement.slice(0, 200)}`, { cause: error });
    }
}

function print(records: Row[], format: string): void {
    if (records.length === 0) return;
    const columns = records[0]!.keys.map(String);
    const rows = records.map((record) => columns.map((column) => text(record.get(column))));
    if (format === "cypherl") {
        for (const record of records) console.log(String(record.get(0)));
    } else if (format === "csv") {
        const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
        for (const row of [columns, ...rows]) console.log(row.map(quote).join(","));
    } else {
        const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]!.length)));
        const line = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
        const show = (row: string[]) => `|${row.map((cell, i) => ` ${cell.padEnd(widths[i]!)} `).join("|")}|`;
        console.log([line, show(columns), line, ...rows.map(show), line].join("\n"));
    }
}

function text(value: unknown): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (value === null || typeof value !== "object" || neo4j.isInt(value)) return String(value);
    if (neo4j.isNode(value)) return `(${value.labels.map((label) => `:${label}`).join("")} ${text(value.properties)})`;
    if (neo4j.isRelationship(value)) return `[:${value.type} ${text(value.properties)}]`;
    if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
    return `{${Object.entries(value)
        .map(([key, item]) => `${key}: ${text(item)}`)
        .join(", ")}}`;
}

main().catch((error: Error) => {
    process.stderr.write(`mgconsole: ${error.message}\n`);
    process.exitCode = 1;
});
