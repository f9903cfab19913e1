import { parseDuration } from "./duration";
import type { Rule } from "./types";

export const atLeast =
    (least: number): Rule =>
    (value) =>
        (value as number) < least ? `must be ${least} or more` : undefined;

export const oneOf =
    (...values: string[]): Rule =>
    (value) =>
        values.includes(value as string) ? undefined : `must be one of ${values.join(", ")}`;

export const matches =
    (pattern: RegExp, says: string): Rule =>
    (value) =>
        pattern.test(value as string) ? undefined : says;

export const duration: Rule = (value) => {
    const nanoseconds = parseDuration(value as string);
    return nanoseconds === undefined || nanoseconds < 0
        ? `must be a duration with a unit, such as "10s" or "1m30s"`
        : undefined;
};

export const absolutePath: Rule = (value) =>
    /^(\/|[a-zA-Z]:[\\/]|\\\\)/.test(value as string) ? undefined : "must be an absolute path";

export const base64: Rule = (value) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value as string)
        ? undefined
        : "must be base64 text";

export const notEmpty: Rule = (value) => (value === "" ? "must not be empty" : undefined);
