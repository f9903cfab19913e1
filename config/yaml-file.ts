/**
 * Reads a YAML file that people and the Pulumi CLI write. Data only: no tag is resolved, nothing is executed, fetched or included, and size,
 * depth and aliases are bounded. Messages never quote the file, whose lines may hold secrets.
 */
import { open, stat } from "node:fs/promises";

import { type Document, isAlias, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { ErrorCode, Node, Scalar } from "yaml";

import type { Problems } from "./problems";

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;

export interface YamlFile {
    /** Plain data; undefined where the file is empty. */
    data: unknown;
    /** The line of the deepest part of a path that is there. */
    lineOf: (path: readonly (string | number)[]) => number | undefined;
}

/** A file's text. What keeps it from being read is reported, and undefined returned. */
export async function readText(file: string, problems: Problems, missing: string): Promise<string | undefined> {
    try {
        // A pipe or a device would block or never end.
        const found = await stat(file);
        if (!found.isFile()) return report(problems, "is not a regular file");
        if (found.size > MAX_BYTES) return report(problems, `is larger than ${MAX_BYTES} bytes`);
        const handle = await open(file, "r");
        try {
            return new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile());
        } finally {
            await handle.close();
        }
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") return report(problems, `there is no such file: ${missing}`);
        if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return report(problems, "is not text in UTF-8");
        if (code === "EACCES" || code === "EPERM") return report(problems, "may not be read by this user");
        throw error;
    }
}

function report(problems: Problems, rule: string): undefined {
    problems.addElsewhere("", rule);
    return undefined;
}

/** The data of a YAML text. What is wrong with it is reported with line and column, and undefined returned. */
export function parseYaml(text: string, problems: Problems): YamlFile | undefined {
    if (Buffer.byteLength(text) > MAX_BYTES) return report(problems, `is larger than ${MAX_BYTES} bytes`);
    const lines = new LineCounter();
    const before = problems.count;
    try {
        const document = parseDocument(text, {
            lineCounter: lines,
            // Pretty errors quote the line.
            prettyErrors: false,
            strict: true,
            stringKeys: true,
            merge: true,
            resolveKnownTags: false,
        });
        const at = (offset: number) => {
            const { line, col } = lines.linePos(offset);
            return `${line}:${col}`;
        };
        const slips = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
        for (const { code, pos } of slips
            .filter(({ code }, index) => index === 0 || INDEPENDENT.has(code))
            .slice(0, 20)) {
            problems.addElsewhere("", WORDS[code] ?? "is not valid YAML here", { at: at(pos[0]) });
        }
        if (problems.count === before) checkNodes(document, at, problems);
        if (problems.count > before) return undefined;
        const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? undefined;
        return { data, lineOf: (path) => lineOf(document, lines, path) };
    } catch (error) {
        // The parser descends by calling itself; aliases that multiply are a ReferenceError.
        if (error instanceof RangeError) return report(problems, `is nested deeper than ${MAX_DEPTH} levels`);
        if (error instanceof ReferenceError) return report(problems, "uses its aliases too often");
        throw error;
    }
}

/** What follows another slip of syntax is mostly its consequence, but not these. */
const INDEPENDENT: ReadonlySet<ErrorCode> = new Set(["DUPLICATE_KEY", "TAB_AS_INDENT", "TAG_RESOLVE_FAILED"]);

/** Messages by the parser's error code; what is not here is told apart by its place alone. */
const WORDS: Partial<Record<ErrorCode, string>> = {
    TAB_AS_INDENT: "a tab cannot indent YAML: use spaces",
    DUPLICATE_KEY: "the same key is already there above: keep one of them",
    MULTIPLE_DOCS: "a second document starts here: the file must hold one",
    BAD_INDENT:
        "the indentation is wrong (keys of one map start in one column), or a bracket or quote above is not closed",
    BLOCK_AS_IMPLICIT_KEY: "a map starts in the middle of a line: put it on the next, indented, or its value in quotes",
    BLOCK_IN_FLOW: "an indented block cannot stand inside of [] or {}",
    MISSING_CHAR: "a character is missing here: a colon after a key, a quote or a bracket",
    MULTILINE_IMPLICIT_KEY: "a key goes over several lines: a colon may be missing",
    UNEXPECTED_TOKEN: "is not valid YAML here: text that starts with %, @, `, & or * needs quotes",
    TAG_RESOLVE_FAILED: "tags such as !name are not taken: write the value itself",
    BAD_ALIAS: "the alias names no anchor above it",
    BAD_SCALAR_START: "text that starts with this character needs quotes",
    BAD_DQ_ESCAPE: "the escape after \\ is not one of YAML's: use single quotes, or \\\\",
    NON_STRING_KEY: "a key must be plain text",
};

/** What YAML allows and Pulumi's own reader takes for something else, or JSON cannot hold. */
function checkNodes(document: Document, at: (offset: number) => string, problems: Problems): void {
    const seen = new Set<Node>();
    visit(document, {
        Node(_key, node, path) {
            const offset = node.range?.[0] ?? 0;
            if (path.length > MAX_DEPTH * 2) {
                problems.addElsewhere("", `is nested deeper than ${MAX_DEPTH} levels`, { at: at(offset) });
                return visit.BREAK;
            }
            if (isAlias(node)) {
                const named = node.resolve(document);
                const rule =
                    named === undefined
                        ? WORDS.BAD_ALIAS
                        : path.includes(named)
                          ? "the alias is inside of what it names, which has no end"
                          : undefined;
                if (rule !== undefined) problems.addElsewhere("", rule, { at: at(offset) });
                return undefined;
            }
            if (seen.has(node)) return undefined;
            seen.add(node);
            if (node.tag !== undefined && !isKnownTag(node.tag)) {
                problems.addElsewhere("", WORDS.TAG_RESOLVE_FAILED ?? "", { at: at(offset) });
            }
            const rule = isScalar(node) ? scalarProblem(node) : undefined;
            if (rule !== undefined) problems.addElsewhere("", rule, { at: at(offset) });
            return undefined;
        },
    });
}

function isKnownTag(tag: string): boolean {
    return /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|merge)$/.test(tag);
}

function scalarProblem(node: Scalar): string | undefined {
    const { value, source } = node;
    if (typeof value !== "number") return undefined;
    if (!Number.isFinite(value)) return "is not a number that JSON can hold: write it in quotes if it is text";
    if (/^[-+]?0[0-9]/.test(source ?? ""))
        return "a number with a leading zero is octal to some readers: write it in quotes if it is text";
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
        return "a number this large loses digits: write it in quotes";
    return undefined;
}

function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number | undefined {
    let node: unknown = document.contents;
    let line: number | undefined;
    for (const segment of path) {
        if (isAlias(node)) node = node.resolve(document);
        if (isMap(node)) {
            const pair = node.items.find(
                (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(segment),
            );
            const key = pair?.key;
            if (isNode(key) && key.range) line = lines.linePos(key.range[0]).line;
            node = pair?.value;
        } else {
            return line;
        }
    }
    return line;
}
