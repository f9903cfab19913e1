/** What is said of a config key, once: the error messages, `docs/config.md` and the editors' JSON schema all read it here. */
import { z } from "zod";

export interface FieldMeta {
    /** What the key does, in a sentence or two. Units are named here. */
    meaning: string;
    /** What a value must be, as a sentence after the key's name: "must be …". */
    rule: string;
    /** A value that may be copied. */
    example?: unknown;
    /** Where the default does not come from `defaults.ts`: what applies when the key is not set. */
    default?: string;
    /** The value is never shown. */
    secret?: boolean;
    /** Stands for the free part of keys below it in the docs, e.g. `<service>`. */
    keyName?: string;
}

export const fields = z.registry<FieldMeta>();

/** Attaches what is said of a key to its schema. Last in a chain: zod's methods return new schemas. */
export function field<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
    fields.add(schema, meta);
    return schema;
}

/** The schema without `optional`. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

export function metaOf(schema: z.core.$ZodType): FieldMeta {
    const meta = fields.get(unwrap(schema));
    if (meta === undefined) throw new Error("A config key has no description: wrap its schema in field().");
    return meta;
}

/** The schema of the nearest key at or above a path, and how much of the path it stands for. */
export function schemaAt(root: z.ZodObject, path: readonly PropertyKey[]): { schema: z.core.$ZodType; depth: number } {
    let schema: z.core.$ZodType = root;
    for (const [depth, segment] of path.entries()) {
        const next = childOf(unwrap(schema), segment);
        if (next === undefined) return { schema, depth };
        schema = next;
    }
    return { schema, depth: path.length };
}

function childOf(schema: z.core.$ZodType, segment: PropertyKey): z.core.$ZodType | undefined {
    if (schema instanceof z.ZodObject) {
        return Object.hasOwn(schema.shape, segment) ? (schema.shape as z.ZodRawShape)[String(segment)] : undefined;
    }
    if (schema instanceof z.ZodRecord) return schema.valueType;
    if (schema instanceof z.ZodArray) return schema.element;
    return undefined;
}

/** Keys that a schema knows at a path, for suggestions. Empty where any name is allowed. */
export function keysOf(schema: z.core.$ZodType): string[] {
    const bare = unwrap(schema);
    if (bare instanceof z.ZodObject) return Object.keys(bare.shape);
    return bare instanceof z.ZodRecord && bare.keyType instanceof z.ZodEnum ? bare.keyType.options.map(String) : [];
}
