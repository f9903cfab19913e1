import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { loadStackConfig } from "../../../config/load";
import { ConfigError } from "../../../config/problems";
import { configSchema } from "../../../config/schema";
import { parseStackFile } from "../../../config/stack-file";
import { CANARY, DEV, PROD, rawOf, SAMPLES } from "./fixture";

/** `FUZZ_FACTOR=50 npx vitest run tests/unit/config/fuzz.test.ts` looks further than there is time for on every run. */
const FACTOR = Number(process.env.FUZZ_FACTOR ?? 1);

const TOP = Object.keys(configSchema.shape);

/** Names that lead somewhere, so that random values reach every depth. */
const NAMES = [
    ...TOP,
    ...[
        "api",
        "files",
        "postgres",
        "caddy",
        "replicas",
        "resources",
        "cpuLimit",
        "memoryLimitMiB",
        "env",
        "command",
        "secretDelivery",
    ],
    ...[
        "address",
        "httpPort",
        "mode",
        "email",
        "directory",
        "source",
        "mirror",
        "overrides",
        "host",
        "sizeMiB",
        "enabled",
        "timeZone",
    ],
    ...["service-crash", "rtoSeconds", "API_KEY", "SIGNING_KEY", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"],
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "a.b", 'a"]', "\u0000", "\u202e"],
];

const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary", maxLength: 12 }));
const scalar = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
        "acme",
        "certificate",
        "dev",
        "prod",
        "debt-os",
        "true",
        "1e999",
        "0x10",
        "-----BEGIN CERTIFICATE-----\nAAAA",
    ),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
);
const { value: anything } = fc.letrec((tie) => ({
    value: fc.oneof(
        { maxDepth: 5 },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    ),
}));

const keyed = fc
    .array(fc.tuple(fc.constantFrom(...TOP), anything), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries));

/** What loading throws, which may only be a ConfigError. */
function messageOf(raw: Record<string, string>, secretKeys?: string[]): string {
    try {
        loadStackConfig(raw, SAMPLES, { file: "Pulumi.fuzz.yaml", secretKeys });
        return "";
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { key, rule } of error.problems) expect(key !== "" && rule !== "").toBe(true);
        return error.message;
    }
}

describe("whatever a config holds", () => {
    it("loading it gives a config or a ConfigError", () => {
        fc.assert(
            fc.property(keyed, fc.boolean(), (values, prod) => {
                const message = messageOf(rawOf({ ...(prod ? PROD : DEV), ...values }));
                // No control character but the message's own line breaks.
                expect(message).not.toMatch(/[^\P{Cc}\n]/u);
            }),
            { numRuns: FACTOR * 400 },
        );
    });

    it("text that is no JSON, under any key of any namespace, gives no other error", () => {
        const key = fc.oneof(
            fc.string({ unit: "binary", maxLength: 20 }),
            name.map((n) => `groundwork:${n}`),
        );
        const raw = fc.dictionary(key, fc.string({ unit: "binary", maxLength: 60 }), { maxKeys: 6 });
        fc.assert(
            fc.property(raw, (values) => void messageOf({ ...rawOf(DEV), ...values })),
            { numRuns: FACTOR * 300 },
        );
    });

    it("depth and length do not hurt", () => {
        const deep = "[".repeat(50_000) + "]".repeat(50_000);
        const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`service-${i}`, {}])));
        for (const text of [deep, `{"a":${deep}}`, wide, "x".repeat(2_000_000), `"${"a-".repeat(200_000)}"`]) {
            for (const top of TOP) messageOf({ ...rawOf(DEV), [`groundwork:${top}`]: text });
        }
    });
});

describe("whatever is wrong with a config that holds secrets", () => {
    /** A canary that looks like nothing in particular, so that only its place can protect it. */
    const canary = fc.stringMatching(/^[a-z]{12}$/).map((text) => `plum${text}`);
    const wrap = (text: string) =>
        fc.constantFrom<unknown>(
            text,
            ` ${text}`,
            [text],
            { a: text },
            `${text}\u0000`,
            { [text]: 1 },
            { [text]: { b: text } },
        );
    const secretsMap = canary.chain((text) =>
        fc.tuple(
            fc.constant(text),
            fc.dictionary(
                fc.constantFrom(
                    "API_KEY",
                    "SIGNING_KEY",
                    "JWT_SECRET",
                    "TLS_CERTIFICATE",
                    "TLS_PRIVATE_KEY",
                    "lower",
                    "NOPE",
                ),
                wrap(text),
            ),
        ),
    );

    it("no message holds any part of groundwork:secrets", () => {
        fc.assert(
            fc.property(
                secretsMap,
                keyed,
                fc.constantFrom("internal", "acme", "certificate"),
                ([text, secrets], values, mode) => {
                    const message = messageOf(rawOf({ ...PROD, ...values, tls: { mode }, secrets }));
                    expect(message).not.toContain(text);
                    expect(message).not.toContain(CANARY);
                },
            ),
            { numRuns: FACTOR * 250 },
        );
    });

    it("no message holds a value of a key that Pulumi calls secret", () => {
        fc.assert(
            fc.property(canary, fc.constantFrom(...TOP), fc.boolean(), (text, top, asMap) => {
                const said = asMap ? { [top]: { host: text, httpPort: text, mode: text, api: text } } : { [top]: text };
                const message = messageOf(rawOf({ ...DEV, ...said }), [`groundwork:${top}`]);
                expect(message).not.toContain(text);
            }),
            { numRuns: FACTOR * 200 },
        );
    });

    it("no message quotes a stack file, however it is broken", async () => {
        const line = fc.constantFrom(
            "config:",
            "  groundwork:secrets:",
            "\tgroundwork:a: b",
            "    API_KEY: CANARYTEXT",
            "  groundwork:domain: 'CANARYTEXT",
            "  groundwork:edge: {CANARYTEXT",
            "  - CANARYTEXT",
            "    secure: CANARYTEXT",
            "CANARYTEXT",
            "  *CANARYTEXT",
            "  groundwork:x: !CANARYTEXT y",
            "---",
            '  "\\qCANARYTEXT": 1',
            "%CANARYTEXT",
        );
        await fc.assert(
            fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
                try {
                    await parseStackFile(lines.join("\n"), "Pulumi.fuzz.yaml", () => {
                        throw new Error("CANARYTEXT");
                    });
                } catch (error) {
                    if (!(error instanceof ConfigError)) throw error;
                    // As a key it is a name, which a message must give; everything else is a value.
                    for (const { value, rule, remedy } of error.problems) {
                        expect([value, rule, remedy].join("\n")).not.toContain("CANARYTEXT");
                    }
                }
            }),
            { numRuns: FACTOR * 250 },
        );
    });
});
