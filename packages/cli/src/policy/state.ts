/** Judges a state as `pulumi stack export` and `gw state export` write it. What is encrypted stays so: rules have no verdict on it. */
import { readFileSync } from "node:fs";

import type { ResourceState } from "@groundwork/engine/api";
import { evaluate } from "@groundwork/policies/core/evaluate";
import type { Raw } from "@groundwork/policies/core/raw";
import type { Location, Resource } from "@groundwork/policies/core/resource";
import { type Environment, ENVIRONMENTS } from "@groundwork/policies/core/rule";
import { UNKNOWN_TEXT } from "@groundwork/policies/core/unknown";
import { RULES } from "@groundwork/policies/rules";
import { fromPulumi } from "@groundwork/policies/sources/pulumi";

import { UsageError } from "../errors";
import { parseDeployment } from "../stack/deployment";
import { isSecret } from "../ui/redact";
import { parseUrn } from "../ui/urn";
import { configurationOf, type Judged, type JudgingOptions, waiversOf } from "./judge";

export interface StateJudging extends JudgingOptions {
    file: string;
    /** Default: as the stack's name ends, else prod. */
    environment?: Environment;
}

/** @throws UsageError when the file is no state, or a file of settings is wrong */
export function judgeState({ file, environment, configuration, waivers }: StateJudging): Judged {
    const text = read(file);
    const all = parseDeployment(text, file).deployment.resources as ResourceState[] | null | undefined;
    // What waits to be deleted is judged no more.
    const resources = (all ?? []).filter((state) => state.delete !== true);
    if (resources.length === 0) throw new UsageError(`There is no resource in the state ${file}.`);
    const { stack } = parseUrn(resources[0]!.urn);
    const lines = linesOf(text);
    const judged = { resources: resources.map((state) => asResource(state, file, lines)), waivers: waiversOf(waivers) };
    const results = evaluate(RULES, judged, {
        environment: environment ?? ENVIRONMENTS.find((each) => `-${stack}`.endsWith(`-${each}`)) ?? "prod",
        configuration: configurationOf(configuration),
    });
    const named = <T extends { location?: Location }>(each: T) => ({
        ...each,
        stack,
        location: each.location ?? { file, line: 1 },
    });
    return {
        ...results,
        violations: results.violations.map(named),
        waived: results.waived.map(named),
        notEvaluated: results.notEvaluated.map((each) => ({ ...each, stack })),
        subjects: [file],
        stacks: [stack],
        files: 1,
        unreadable: [],
    };
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        throw new UsageError(`--state: ${file} cannot be read: ${(error as Error).message}`);
    }
}

/** By URN: the line of the file on which the resource says it. */
function linesOf(text: string): ReadonlyMap<string, number> {
    const lines = text.split("\n").map((line, i) => [/"urn":\s*"([^"]+)"/.exec(line)?.[1], i + 1] as const);
    return new Map(lines.flatMap(([urn, line]) => (urn === undefined ? [] : [[urn, line]])));
}

function asResource(state: ResourceState, file: string, lines: ReadonlyMap<string, number>): Resource {
    const { type, urn, inputs, parent, protect, ignoreChanges, propertyDependencies } = state;
    const judged = fromPulumi({
        type,
        urn,
        name: parseUrn(urn).name,
        props: closed(inputs ?? {}) as Raw,
        opts: { parent, protect, ignoreChanges },
        propertyDependencies,
    });
    const location = sourceOf(state) ?? { file, line: lines.get(urn) ?? 1 };
    return { ...judged, locate: () => location };
}

/** With Pulumi's text for an unknown in the place of each secret that is not in plaintext. */
function closed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(closed);
    if (typeof value !== "object" || value === null) return value;
    if (isSecret(value)) {
        const { plaintext } = value as { plaintext?: unknown };
        return plaintext === undefined ? UNKNOWN_TEXT : closed(opened(plaintext));
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
}

/** What is in plaintext is JSON; what is not is a secret all the same. */
function opened(plaintext: unknown): unknown {
    try {
        return JSON.parse(String(plaintext));
    } catch {
        return UNKNOWN_TEXT;
    }
}

/** Where the Pulumi CLI notes that the program made it: `project:///targets/docker/index.ts#12,5`. */
function sourceOf(state: ResourceState): Location | undefined {
    const { sourcePosition } = state as { sourcePosition?: string | null };
    const found = /^project:\/\/\/(.+)#(\d+)(?:,\d+)?$/.exec(sourcePosition ?? "");
    return found ? { file: decoded(found[1]!), line: Number(found[2]) } : undefined;
}

function decoded(path: string): string {
    try {
        return decodeURI(path);
    } catch {
        // It was not encoded.
        return path;
    }
}
