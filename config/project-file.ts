/** Reads the part of `Pulumi.yaml` that configures every stack of the project: values that a stack file does not say itself. */
import { Problems } from "./problems";
import { asMap, type ConfigValue, type Reader, readValue } from "./stack-file";
import { hint } from "./suggest";
import { parseYaml, readText } from "./yaml-file";

export interface ProjectFile {
    name: string;
    config: Record<string, ConfigValue>;
}

/** What a declared key may say; `default` is what stacks get that say nothing. */
const DECLARATION = ["type", "description", "items", "default", "value", "secret"];

/** @throws ConfigError with every problem of the file, each with its line */
export async function readProjectFile(file: string): Promise<ProjectFile> {
    const problems = new Problems({ file });
    const text = await readText(file, problems, "run this in the directory of a Pulumi project");
    problems.throwIfAny();
    return await parseProjectFile(text ?? "", file);
}

/** As `readProjectFile`, from its text; `file` is for messages only. */
export async function parseProjectFile(text: string, file: string): Promise<ProjectFile> {
    const problems = new Problems({ file });
    const yaml = parseYaml(text, problems);
    problems.throwIfAny();
    const reader: Reader = { problems, lineOf: (path) => String(yaml?.lineOf(path) ?? 1) };
    const top = asMap(yaml?.data, [], reader);
    const name = typeof top.name === "string" && /^[A-Za-z0-9_.-]{1,100}$/.test(top.name) ? top.name : "";
    if (name === "") problems.addElsewhere("name", "must name the project", { at: reader.lineOf(["name"]) });
    const config: Record<string, ConfigValue> = {};
    for (const [key, said] of Object.entries(asMap(top.config, ["config"], reader))) {
        const value = await readDeclared(key, said, name, reader);
        if (value !== undefined) config[key.includes(":") ? key : `${name}:${key}`] = value;
    }
    problems.throwIfAny();
    return { name, config };
}

/** A stack's config: its own, and the project's where it says nothing. As Pulumi does, key by key and not inside of maps. */
export function withProjectConfig(
    project: Record<string, ConfigValue>,
    stack: Record<string, ConfigValue>,
): Record<string, ConfigValue> {
    return { ...project, ...stack };
}

async function readDeclared(
    key: string,
    said: unknown,
    project: string,
    reader: Reader,
): Promise<ConfigValue | undefined> {
    const path = ["config", key];
    if (typeof said !== "object" || said === null) return await readValue(key, said, path, reader);
    const at = reader.lineOf(path);
    const declared = Array.isArray(said) ? {} : (said as Record<string, unknown>);
    const unknown = Object.keys(declared).filter((name) => !DECLARATION.includes(name));
    if (Array.isArray(said) || unknown.length > 0) {
        const near = unknown[0] === undefined ? "" : ` ${hint(unknown[0], DECLARATION)}`;
        reader.problems.addElsewhere(
            key,
            `must be one value, or a map of what it is; put a map or list under value:.${near}`,
            { at },
        );
        return undefined;
    }
    const foreign = key.includes(":") && !key.startsWith(`${project}:`);
    if (foreign && (declared.default !== undefined || declared.type !== undefined)) {
        reader.problems.addElsewhere(key, "belongs to another namespace: only value: can be set for it here", { at });
        return undefined;
    }
    const value = declared.value ?? declared.default;
    if (value === undefined) return undefined;
    const read = await readValue(key, value, [...path, declared.value === undefined ? "default" : "value"], reader);
    return read && { ...read, secret: read.secret || declared.secret === true };
}
