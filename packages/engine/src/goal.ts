/** What a program asks for with one `registerResource`. */
import { fileURLToPath } from "node:url";

import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { SourcePosition } from "./api";
import { fromProgram } from "./properties";
import type { PropertyMap } from "./provider";
import { parseDuration } from "./providers/schema/duration";
import { isProviderType } from "./urn";

export interface AliasSpec {
    urn?: string;
    name?: string;
    type?: string;
    stack?: string;
    project?: string;
    parent?: string;
    noParent?: boolean;
}

export interface Goal {
    type: string;
    name: string;
    custom: boolean;
    parent: string;
    inputs: PropertyMap;
    /** Reference of an explicit provider, or "". */
    provider: string;
    version: string;
    dependencies: string[];
    propertyDependencies: Record<string, string[]>;
    /** Undefined: as its parent. */
    protect?: boolean;
    /** Undefined: as its parent. */
    retainOnDelete?: boolean;
    deleteBeforeReplace?: boolean;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    additionalSecretOutputs: string[];
    aliases: AliasSpec[];
    deletedWith: string;
    importId: string;
    /** In seconds. */
    customTimeouts: Record<string, number>;
    /** Where in the program it was made, and what called that; empty unless the program was asked to say. */
    madeAt: SourcePosition[];
}

/** A resource of which nothing but its name, version and inputs is said. */
export function bareGoal(type: string, name: string, version: string, inputs: PropertyMap): Goal {
    return {
        type,
        name,
        custom: true,
        parent: "",
        inputs,
        provider: "",
        version,
        dependencies: [],
        propertyDependencies: {},
        ignoreChanges: [],
        replaceOnChanges: [],
        additionalSecretOutputs: [],
        aliases: [],
        deletedWith: "",
        importId: "",
        customTimeouts: {},
        madeAt: [],
    };
}

export function toProperties(struct: Struct | undefined): PropertyMap {
    return (struct?.toJavaScript() ?? {}) as PropertyMap;
}

/** @throws Error naming what the embedded engine does not support */
export function readGoal(request: RegisterResourceRequest, baseDir: string): Goal {
    const where = `${request.getType()} "${request.getName()}"`;
    const unsupported = [
        request.getRemote() && "a component of another package (remote)",
        request.getTransformsList().length > 0 && "the option transforms",
        hasHooks(request) && "the option hooks",
        request.getReplaceWithList().length > 0 && "the option replaceWith",
        request.hasReplacementTrigger() &&
            !request.getReplacementTrigger()!.hasNullValue() &&
            "the option replacementTrigger",
        request.getHidediffsList().length > 0 && "the option hideDiffs",
        request.getEnvvarmappingsMap().getLength() > 0 && "the option envVarMappings",
        request.getPackageref() !== "" && "a parameterized provider",
    ].filter((name) => typeof name === "string");
    if (unsupported.length > 0) throw unsupportedError(where, unsupported.join(", "));
    const inputs = fromProgram(toProperties(request.getObject()), where, baseDir);
    // An explicit provider is recorded with the version of the package that the program uses, as the Pulumi CLI does.
    if (isProviderType(request.getType()) && request.getVersion())
        Object.assign(inputs, { __internal: {}, version: request.getVersion() });
    const timeouts = request.getCustomtimeouts();
    return {
        type: request.getType(),
        name: request.getName(),
        custom: request.getCustom(),
        parent: request.getParent(),
        inputs,
        provider: request.getProvider(),
        version: request.getVersion(),
        dependencies: request.getDependenciesList().toSorted(),
        propertyDependencies: Object.fromEntries(
            request
                .getPropertydependenciesMap()
                .toArray()
                .map(([key, value]): [string, string[]] => [key, dependencyUrns(value)])
                .filter(([, urns]) => urns.length > 0)
                .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        ),
        protect: request.hasProtect() ? request.getProtect() : undefined,
        retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
        deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: [...request.getAliasurnsList().map((urn) => ({ urn })), ...request.getAliasesList().map(readAlias)],
        deletedWith: request.getDeletedwith(),
        importId: request.getImportid(),
        customTimeouts: timeouts
            ? readTimeouts(
                  {
                      create: timeouts.getCreate(),
                      update: timeouts.getUpdate(),
                      delete: timeouts.getDelete(),
                      read: timeouts.getRead(),
                  },
                  where,
              )
            : {},
        madeAt: positionsOf(request),
    };
}

/** Frames without a file, as Node's own have none, are left out. */
function positionsOf(request: RegisterResourceRequest): SourcePosition[] {
    const frames = request.getStacktrace()?.getFramesList() ?? [];
    return frames.flatMap((frame) => {
        const [uri, line] = [frame.getPc()?.getUri() ?? "", frame.getPc()?.getLine() ?? 0];
        return uri.startsWith("file:") && line > 0 ? [{ file: fileURLToPath(uri), line }] : [];
    });
}

export function unsupportedError(where: string, what: string): Error {
    return new Error(
        `${where} uses ${what}, which the embedded engine does not support. Do without it, or run with the Pulumi CLI (--engine pulumi).`,
    );
}

/** Map values come as messages, except that `toArray` of a map that was received gives plain arrays. */
function dependencyUrns(value: unknown): string[] {
    const urns = Array.isArray(value)
        ? (value[0] as string[])
        : (value as RegisterResourceRequest.PropertyDependencies).getUrnsList();
    return urns.toSorted();
}

function hasHooks(request: RegisterResourceRequest): boolean {
    const hooks = request.getHooks()?.toObject();
    return hooks !== undefined && Object.values(hooks).some((names) => names.length > 0);
}

function readAlias(alias: Alias): AliasSpec {
    if (alias.hasUrn()) return { urn: alias.getUrn() };
    const spec = alias.getSpec();
    return {
        name: spec?.getName(),
        type: spec?.getType(),
        stack: spec?.getStack(),
        project: spec?.getProject(),
        parent: spec?.getParenturn(),
        noParent: spec?.getNoparent(),
    };
}

function readTimeouts(timeouts: Record<string, string>, where: string): Record<string, number> {
    const set = Object.entries(timeouts).filter(([, text]) => text !== "");
    return Object.fromEntries(set.map(([name, text]) => [name, duration(text, `${where}: customTimeouts.${name}`)]));
}

/** A Go duration, e.g. `1h30m`. @returns seconds @throws Error naming `where` it stands when it is none, or negative */
export function duration(text: string, where: string): number {
    const nanoseconds = parseDuration(text);
    if (nanoseconds === undefined || nanoseconds < 0)
        throw new Error(`${where} is "${text}". Write a duration like "5m" or "1h30m".`);
    return nanoseconds / 1e9;
}
