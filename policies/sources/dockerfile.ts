/** Dockerfiles, read by the parser of Docker's own language server. */
import { DockerfileParser, type From, type Instruction, PropertyInstruction } from "dockerfile-ast";

import type { Raw } from "../core/raw";
import { resource } from "../core/resource";
import { DOCKERFILE } from "../docker/dockerfile/stages";
import { interpolated } from "./variables";
import type { Found } from "./yaml";

interface ReadInstruction {
    keyword: string;
    text: string;
    /** What ENV, ARG and LABEL set. */
    properties?: { name: string; value: string | null }[];
    /** It is for images that are built from this one. */
    onbuild?: true;
    line: number;
}

interface ReadStage {
    name: string;
    line: number;
    image?: string;
    /** The stage that it continues. */
    parent?: number;
    instructions: ReadInstruction[];
}

/** @param file only to name it */
export function fromDockerfile(text: string, file: string): Found {
    const parsed = DockerfileParser.parse(text);
    const lines = text.split(/\r?\n/);
    const escape = parsed.getEscapeCharacter();
    const known = new Map<string, string>();
    const stages: ReadStage[] = [];
    // ARGs before the first FROM: they are the first stage's, as far as what they hold is concerned.
    let before: ReadInstruction[] = [];
    for (const instruction of parsed.getInstructions()) {
        const read = readInstruction(instruction, lines, escape);
        if (instruction.getKeyword() === "FROM") {
            const stage = readStage(instruction as From, read.line, stages, known);
            stages.push({ ...stage, instructions: before });
            before = [];
            continue;
        }
        const stage = stages.at(-1);
        for (const { name, value } of (read.keyword === "ARG" && read.properties) || []) {
            if (value !== null) known.set(name, interpolated(value, known, false));
        }
        if (read.keyword === "USER") read.text = interpolated(read.text, known, false);
        (stage?.instructions ?? before).push(read);
    }
    if (stages.length === 0) return { resources: [], unreadable: [{ file, line: 1, message: "It has no FROM" }] };
    const locate = (path: string) => {
        const [, s = 0, i] = /^stages\[(\d+)\](?:\.instructions\[(\d+)\])?/.exec(path) ?? [];
        const stage = stages[Number(s)];
        return { file, line: (i === undefined ? stage : stage?.instructions[Number(i)])?.line ?? 1 };
    };
    const props = { stages: stages as unknown as Raw[] };
    return { resources: [resource({ type: DOCKERFILE, name: `Dockerfile/${file}`, props, locate })], unreadable: [] };
}

function readStage(from: From, line: number, stages: readonly ReadStage[], known: ReadonlyMap<string, string>) {
    const image = interpolated(from.getImage() ?? "", known, false);
    const name = from.getBuildStage() ?? String(stages.length);
    const parent = stages.findIndex((stage) => stage.name.toLowerCase() === image.toLowerCase());
    return { name, line, ...(parent >= 0 ? { parent } : image !== "scratch" && { image }) };
}

function readInstruction(instruction: Instruction, lines: readonly string[], escape: string): ReadInstruction {
    const line = instruction.getRange().start.line + 1;
    const read = { keyword: instruction.getKeyword(), text: argumentsOf(instruction, lines, escape), line };
    if (instruction instanceof PropertyInstruction) {
        const properties = instruction.getProperties().map((property) => {
            return { name: property.getName(), value: property.getValue() };
        });
        return { ...read, properties };
    }
    const [, keyword, text] = (read.keyword === "ONBUILD" && /^(\w+)\s+(.*)$/s.exec(read.text)) || [];
    return keyword === undefined ? read : { ...read, keyword: keyword.toUpperCase(), text: text!, onbuild: true };
}

/** All that follows its keyword, flags too; on one line but for here-documents. */
function argumentsOf(instruction: Instruction, lines: readonly string[], escape: string): string {
    const from = instruction.getInstructionRange().end;
    const to = instruction.getRange().end.line;
    const own = lines.slice(from.line, to + 1);
    own[0] = (own[0] ?? "").slice(from.character);
    let text = "";
    for (const line of own) {
        // A comment between the lines of an instruction is none of it.
        if (text !== "" && /^\s*#/.test(line)) continue;
        const goesOn = line.trimEnd().endsWith(escape);
        text += goesOn ? `${line.trimEnd().slice(0, -1)} ` : `${line}\n`;
    }
    return text.trim();
}
