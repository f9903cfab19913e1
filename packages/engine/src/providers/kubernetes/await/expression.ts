/** `pulumi.com/waitFor`: `jsonpath={.a.b}=value`, `condition=Type` or `condition=Type=Status`, or a JSON list of them. */
import type { PropertyValue } from "../../../provider";
import { isMap } from "../../schema/types";
import { conditionOf } from "./basics";
import { READY, waiting, type Judge } from "./verdict";

const PART = /\.((?:[^.[\]\\]|\\.)+)|\[(\d+)\]|\[['"]([^'"]+)['"]\]/y;

/** @throws Error naming what cannot be read */
export function judgeOf(annotation: string): Judge {
    const judges = expressions(annotation).map(one);
    return async (view) => {
        for (const judge of judges) {
            const verdict = await judge(view);
            if (!verdict.ready) return verdict;
        }
        return READY;
    };
}

function expressions(annotation: string): string[] {
    if (!annotation.trimStart().startsWith("[")) return [annotation];
    let list: unknown;
    try {
        list = JSON.parse(annotation);
    } catch {
        list = undefined;
    }
    if (!Array.isArray(list) || list.length === 0 || list.some((each) => typeof each !== "string"))
        throw wrong(annotation, "it is no JSON list of texts");
    return list as string[];
}

function one(expression: string): Judge {
    const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(expression);
    if (condition) {
        const [, type, status = "True"] = condition;
        return ({ live }) => {
            const found = conditionOf(live, type!);
            if (found?.status.toLowerCase() === status.toLowerCase()) return READY;
            // What the controller says of it is the best there is: it alone knows what it waits for.
            const why = [found?.reason, found?.message].filter((text) => text !== undefined && text !== "").join(": ");
            return waiting(`its condition ${type} is not ${status} yet${why === "" ? "" : ` (${why})`}`);
        };
    }
    const path =
        /^jsonpath=\{(.*)\}(?:=(.*))?$/s.exec(expression) ?? /^jsonpath=(\.[^=]*)(?:=(.*))?$/s.exec(expression);
    if (!path) throw wrong(expression, `it starts with neither "condition=" nor "jsonpath="`);
    const [, text, value] = path;
    const parts = parse(text!, expression);
    return ({ live }) => {
        const found = parts.reduce<PropertyValue | undefined>(
            (holder, part) => (Array.isArray(holder) ? holder[Number(part)] : isMap(holder) ? holder[part] : undefined),
            live as unknown as PropertyValue,
        );
        const isThere = found !== undefined && found !== null;
        return isThere && (value === undefined || asText(found) === value.replace(/^(["'])(.*)\1$/s, "$2"))
            ? READY
            : waiting(`its ${text} is ${isThere ? "not yet" : "not there"}${value === undefined ? "" : ` ${value}`}`);
    };
}

function parse(path: string, expression: string): string[] {
    const parts: string[] = [];
    PART.lastIndex = 0;
    while (PART.lastIndex < path.length) {
        const match = PART.exec(path);
        if (!match)
            throw wrong(expression, "only fields and indices are served, such as {.status.conditions[0].status}");
        parts.push((match[1] ?? match[2] ?? match[3])!.replace(/\\(.)/g, "$1"));
    }
    return parts;
}

function asText(value: PropertyValue): string {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function wrong(expression: string, why: string): Error {
    return new Error(
        `The annotation pulumi.com/waitFor has ${JSON.stringify(expression)}: ${why}. Write "condition=Ready" or "jsonpath={.status.phase}=Running".`,
    );
}
