/** A config key as it is typed, `edge.httpsPort` or `groundwork:services.api.env["A.B"]`, held against the schema. */
import { z } from "zod";

import { keysOf, metaOf, schemaAt } from "./fields";
import { type ConfigContext, type KeyPath, Problems } from "./problems";
import { configSchema, NAMESPACE } from "./schema";
import { hint } from "./suggest";

/** One step of a path, as Pulumi's `--path` has it: a name, a name in brackets and quotes, an index. */
const STEP = /(?:^|\.)([^.[\]"\s]+)|\["((?:[^"\\]|\\.)+)"\]|\[(\d{1,4})\]/y;

/**
 * The path that a key means below `groundwork:`, which may be left out.
 * @throws ConfigError when it is written wrongly, of another namespace, or one that no stack file has
 */
export function parseKey(text: string, context: ConfigContext): KeyPath {
    const path = parsePath(text, context);
    known(path, new Problems(context));
    return path;
}

/** As `parseKey`, whether or not any stack file has such a key. @throws ConfigError when it is written wrongly or of another namespace */
export function parsePath(text: string, context: ConfigContext): KeyPath {
    const problems = new Problems(context);
    const [, namespace, name = ""] = /^(?:([^:.[\]"]*):)?(.*)$/s.exec(text) ?? [];
    if (namespace !== undefined && namespace !== NAMESPACE) {
        const rule = `is of another namespace than ${NAMESPACE}. ${hint(namespace, [NAMESPACE])}`;
        problems.addElsewhere(text, rule);
        problems.throwIfAny();
    }
    const path = steps(name);
    if (path === undefined) {
        problems.addElsewhere(
            text === "" ? '""' : text,
            'is not a key: write a.b.c, and a["b.c"] where a name has a dot in it',
        );
        problems.throwIfAny();
    }
    return path ?? [];
}

function steps(text: string): KeyPath | undefined {
    const path: (string | number)[] = [];
    STEP.lastIndex = 0;
    while (STEP.lastIndex < text.length) {
        const [, plain, quoted, index] = STEP.exec(text) ?? [];
        const step = plain ?? quoted?.replace(/\\(.)/g, "$1") ?? (index === undefined ? undefined : Number(index));
        if (step === undefined) return undefined;
        path.push(step);
    }
    return typeof path[0] === "string" ? path : undefined;
}

/** Names below `services` and the like are the system's, and told apart when the whole config is loaded. */
function known(path: KeyPath, problems: Problems): void {
    const { schema, depth } = schemaAt(configSchema, path);
    if (depth === path.length) return;
    const names = keysOf(schema);
    const wrong = path.slice(0, depth + 1);
    const rule =
        names.length === 0
            ? `is not a known key: what is above it holds a value and no keys`
            : `is not a known key. ${hint(String(path[depth]), names)}`;
    problems.add({ path: wrong, rule });
    problems.throwIfAny();
}

/** Whether a value is encrypted even if nobody asks for it. */
export function isSecretKey(path: KeyPath): boolean {
    return path.some((_, index) => metaOf(schemaAt(configSchema, path.slice(0, index + 1)).schema).secret === true);
}

/**
 * What a typed text stands for under a key: a number, `true`, `false`, a map or a list in JSON where the schema takes that and nothing of the
 * text is lost by it (`1.10` and `007` stay as they are), else the text. What the schema does not take at all is for validation to tell.
 */
export function valueOf(path: KeyPath, text: string): unknown {
    const { schema } = schemaAt(configSchema, path);
    const other = fromJson(text);
    const takes = (value: unknown): boolean => z.safeParse(schema, value).success;
    return other !== undefined && (takes(other) || !takes(text)) ? other : text;
}

function fromJson(text: string): unknown {
    try {
        const value: unknown = JSON.parse(text);
        const whole = typeof value === "object" ? value !== null : String(value) === text;
        return whole ? value : undefined;
    } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
    }
}
