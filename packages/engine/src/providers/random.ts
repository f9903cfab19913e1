import { randomBytes } from "node:crypto";

import { hash } from "@node-rs/bcrypt";
import pLimit from "p-limit";

import type { CheckFailure, PropertyMap, Provider, ProviderContext } from "../provider";
import { randomString, type StringRules } from "./random/sample";
import { checkInputs } from "./schema/check";
import { diffResource } from "./schema/diff";
import { atLeast } from "./schema/rules";
import { META_KEY, type Fields } from "./schema/types";

/** Cost of the bcrypt hash, and the bytes of a password that bcrypt takes; as the real provider. */
const BCRYPT_COST = 10;
const BCRYPT_BYTES = 72;

/** One hash after the other: what waits for the first of them need not wait for all, and the other cores are the Docker engine's. */
const oneHash = pLimit(1);

interface RandomResource {
    fields: Fields;
    check?(inputs: PropertyMap): CheckFailure[];
    make(inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
}

const replaces = true;
/** A map whose change makes a new value. */
const keepers: Fields = { keepers: { kind: "map", replaces } };

/** The provider fills these in when they are absent, so their presence in the outputs is no change. */
const onByDefault = { kind: "boolean", replaces, computed: true } as const;
const count = { kind: "integer", replaces, computed: true, rule: atLeast(0) } as const;

const stringFields: Fields = {
    ...keepers,
    length: { kind: "integer", required: true, replaces, rule: atLeast(1) },
    lower: onByDefault,
    upper: onByDefault,
    numeric: onByDefault,
    /** The old name of `numeric`. */
    number: onByDefault,
    special: onByDefault,
    minLower: count,
    minUpper: count,
    minNumeric: count,
    minSpecial: count,
    overrideSpecial: { kind: "string", replaces },
};

const resources: Record<string, RandomResource> = {
    "random:index/randomPassword:RandomPassword": {
        fields: stringFields,
        check: checkString,
        async make(inputs) {
            const outputs = stringOutputs(inputs, "3");
            const bytes = Buffer.from(outputs.result as string).subarray(0, BCRYPT_BYTES);
            // "2a", "2b" and "2y" name the same algorithm here; the real provider writes "2a".
            const bcryptHash = (await oneHash(hash, bytes.toString(), BCRYPT_COST)).replace(/^\$2[by]\$/, "$2a$");
            return { id: "none", outputs: { ...outputs, id: "none", bcryptHash } };
        },
    },
    "random:index/randomString:RandomString": {
        fields: stringFields,
        check: checkString,
        make(inputs) {
            const outputs = stringOutputs(inputs, "2");
            const id = outputs.result as string;
            return Promise.resolve({ id, outputs: { ...outputs, id } });
        },
    },
    "random:index/randomId:RandomId": {
        fields: {
            ...keepers,
            byteLength: { kind: "integer", required: true, replaces, rule: atLeast(1) },
            prefix: { kind: "string", replaces },
        },
        make(inputs) {
            const bytes = randomBytes(inputs.byteLength as number);
            const prefix = (inputs.prefix as string | undefined) ?? "";
            const hex = bytes.toString("hex");
            const id = bytes.toString("base64url");
            return Promise.resolve({
                id,
                outputs: {
                    ...inputs,
                    id,
                    b64Std: prefix + bytes.toString("base64"),
                    b64Url: prefix + id,
                    dec: prefix + BigInt(`0x${hex}`).toString(),
                    hex: prefix + hex,
                },
            });
        },
    },
    "random:index/randomBytes:RandomBytes": {
        fields: { ...keepers, length: { kind: "integer", required: true, replaces, rule: atLeast(1) } },
        make(inputs) {
            const bytes = randomBytes(inputs.length as number);
            const base64 = bytes.toString("base64");
            const outputs = { ...inputs, base64, hex: bytes.toString("hex") };
            // The real provider's id is the base64 itself: a secret that the state would hold in plain text.
            return Promise.resolve({ id: "none", outputs });
        },
    },
};

/** The random package on node:crypto. Every input replaces; nothing can be updated, and nothing is left behind. */
export const randomProvider: Provider = {
    name: "random",
    version: "4.21.2",
    types: Object.keys(resources),
    secretOutputs: {
        "random:index/randomPassword:RandomPassword": ["bcryptHash", "result"],
        "random:index/randomBytes:RandomBytes": ["base64", "hex"],
    },

    check(ctx, _olds, news) {
        const resource = resourceOf(ctx);
        const { inputs, failures } = checkInputs(resource.fields, news, false);
        const more = failures.length === 0 ? (resource.check?.(inputs) ?? []) : [];
        return Promise.resolve({ inputs, failures: [...failures, ...more] });
    },

    diff(ctx, _id, olds, news) {
        return Promise.resolve(diffResource(resourceOf(ctx).fields, olds, news));
    },

    create(ctx, inputs) {
        return resourceOf(ctx).make(inputs);
    },

    update(ctx) {
        return Promise.reject(new Error(`${ctx.type} cannot be updated: every change replaces it`));
    },

    delete() {
        return Promise.resolve();
    },

    read(_ctx, _id, olds) {
        return Promise.resolve(olds);
    },

    recover() {
        return Promise.resolve(undefined);
    },
};

function resourceOf(ctx: ProviderContext): RandomResource {
    const resource = resources[ctx.type];
    if (!resource)
        throw new Error(
            `The embedded engine does not have ${ctx.type}; it has ${Object.keys(resources).join(", ")}. Run with "--engine pulumi" for the rest.`,
        );
    return resource;
}

function checkString(inputs: PropertyMap): CheckFailure[] {
    const rules = rulesOf(inputs);
    const failures: CheckFailure[] = [];
    if (typeof inputs.number === "boolean" && typeof inputs.numeric === "boolean" && inputs.number !== inputs.numeric)
        failures.push({ property: "number", reason: "is the old name of numeric: set numeric only" });
    if (!rules.lower && !rules.upper && !rules.numeric && !rules.special)
        failures.push({ property: "numeric", reason: "one of lower, upper, numeric and special must be true" });
    const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
    if (rules.length < least)
        failures.push({
            property: "length",
            reason: `must be at least the sum of minLower, minUpper, minNumeric and minSpecial (${least}), not ${rules.length}`,
        });
    return failures;
}

function rulesOf(inputs: PropertyMap): StringRules {
    const on = (key: string): boolean => inputs[key] !== false;
    const least = (key: string): number => (typeof inputs[key] === "number" ? inputs[key] : 0);
    return {
        length: inputs.length as number,
        lower: on("lower"),
        upper: on("upper"),
        numeric: on("numeric") && on("number"),
        special: on("special"),
        minLower: least("minLower"),
        minUpper: least("minUpper"),
        minNumeric: least("minNumeric"),
        minSpecial: least("minSpecial"),
        overrideSpecial: inputs.overrideSpecial as string | undefined,
    };
}

function stringOutputs(inputs: PropertyMap, schemaVersion: string): PropertyMap {
    const { overrideSpecial, ...rules } = rulesOf(inputs);
    return {
        [META_KEY]: `{"schema_version":"${schemaVersion}"}`,
        ...(inputs.keepers ? { keepers: inputs.keepers } : {}),
        ...(overrideSpecial ? { overrideSpecial } : {}),
        ...rules,
        number: rules.numeric,
        result: randomString({ ...rules, overrideSpecial }),
    };
}
