/** Cannot prove: see harness.ts; and that the random provider's values are random, which tests/engine does. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import { secretText, SecretTemplate, type SecretText } from "../../../components/secret-text";
import { Secrets } from "../../../components/secrets";
import type { SecretSource } from "../../../components/settings/secrets";
import type { Secret, SecretShape } from "../../../systems/types";
import { thrown } from "./fixtures";
import { record, valueOf } from "./harness";

function wanted(name: string, shape: SecretShape, extra: Partial<Secret> = {}): Secret {
    return { name, shape, required: true, description: "", ...extra };
}

const PASSWORD = wanted("POSTGRES_PASSWORD", { kind: "alphanumeric", length: 32 });

function make(
    secrets: Secret[],
    sources: Record<string, SecretSource>,
    options: { given?: Record<string, string>; protect?: boolean } = {},
) {
    return new Secrets("s", {
        secrets,
        sources,
        given: options.given && pulumi.secret(options.given),
        protect: options.protect ?? false,
    });
}

/** One whose value the stack knows. */
function known(text: SecretText) {
    return valueOf(text as pulumi.Output<string>);
}

describe("made once", () => {
    test("letters and digits, and random bytes, in the length that the system asks for", async () => {
        const [secrets, recording] = await record(() =>
            make([PASSWORD, wanted("ENCRYPTION_KEY", { kind: "base64", bytes: 32 })], {
                POSTGRES_PASSWORD: "generated",
                ENCRYPTION_KEY: "generated",
            }),
        );
        expect(recording.counts()).toEqual({
            "groundwork:secrets:Secrets": 1,
            "random:index/randomPassword:RandomPassword": 2,
        });
        expect(recording.one("s-postgres-password")).toMatchObject({
            inputs: { length: 32, special: false },
            parent: "s",
            protect: false,
            retainOnDelete: false,
        });
        // Twice as many letters and digits as bytes hold more randomness than the bytes.
        expect(recording.one("s-encryption-key").inputs).toEqual({ length: 64, special: false });
        const key = await known(secrets.get("ENCRYPTION_KEY"));
        expect(key.secret).toBe(true);
        expect(Buffer.from(key.value, "base64")).toHaveLength(32);
        expect(key.value).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    });

    test("and protected and kept where the stack says so", async () => {
        const [, recording] = await record(() =>
            make([PASSWORD], { POSTGRES_PASSWORD: "generated" }, { protect: true }),
        );
        expect(recording.one("s-postgres-password")).toMatchObject({ protect: true, retainOnDelete: true });
    });
});

describe("given", () => {
    const key = wanted("API_KEY", { kind: "given", example: "sk-..." });

    test("makes no resource and stays secret", async () => {
        const [secrets, recording] = await record(() =>
            make([key], { API_KEY: "given" }, { given: { API_KEY: "sk-canary" } }),
        );
        expect(recording.counts()).toEqual({ "groundwork:secrets:Secrets": 1 });
        expect(await known(secrets.get("API_KEY"))).toEqual({ value: "sk-canary", secret: true });
        expect(recording.plainText()).not.toContain("sk-canary");
    });

    test("in dev a placeholder that nobody takes for the real one", async () => {
        const [secrets] = await record(() => make([key], { API_KEY: "placeholder" }));
        expect((await known(secrets.get("API_KEY"))).value).toBe("placeholder-password of s-api-key");
    });

    test("an optional one that is not given is not there", async () => {
        const optional = { ...key, required: false };
        const [secrets] = await record(() => make([optional], { API_KEY: "absent" }));
        expect(Object.keys(secrets.values)).toEqual([]);
        expect(thrown(() => secrets.get("API_KEY")).message).toContain('This stack has no secret "API_KEY"');
    });

    test("a required one that is not given is an error that says how to set it, and names all", async () => {
        const other = wanted("OTHER", { kind: "given", example: "" });
        const [error] = await record(() => thrown(() => make([key, other], { API_KEY: "absent", OTHER: "absent" })));
        expect(error.message).toContain("pulumi config set --secret --path groundwork:secrets.API_KEY");
        expect(error.message).toContain("groundwork:secrets.OTHER");
    });

    test("a required one may be made up for by an alternative", async () => {
        const either = { ...key, alternatives: ["OTHER"] };
        const other = wanted("OTHER", { kind: "given", example: "" });
        const [secrets] = await record(() =>
            make([either, other], { API_KEY: "absent", OTHER: "given" }, { given: { OTHER: "x" } }),
        );
        expect(Object.keys(secrets.values)).toEqual(["OTHER"]);
    });
});

describe("kept by something beside the stack", () => {
    const url = wanted("DATABASE_URL", {
        kind: "derived",
        template: "postgresql://app:{password:postgres}@db:5432/app",
    });
    const optional = wanted("API_KEY", { kind: "given", example: "" });
    const sources = { POSTGRES_PASSWORD: "external", DATABASE_URL: "derived", API_KEY: "external" } as const;

    test("are references, whatever they are made of, and in no state", async () => {
        const [secrets, recording] = await record(() => make([url, PASSWORD, optional], sources));
        expect(secrets.values).toEqual({
            POSTGRES_PASSWORD: SecretTemplate.of("POSTGRES_PASSWORD"),
            API_KEY: SecretTemplate.of("API_KEY"),
            DATABASE_URL: new SecretTemplate([
                "postgresql://app:",
                { secret: "POSTGRES_PASSWORD", form: "url" },
                "@db:5432/app",
            ]),
        });
        expect(recording.counts()).toEqual({ "groundwork:secrets:Secrets": 1 });
        expect(recording.one("s").outputs).toEqual({ values: {} });
    });

    test("never share a text with one whose value is known, which would have to stand in the open", () => {
        const of = (text: SecretText) => ({ text, form: "plain" }) as const;
        expect(() => secretText(["", ":", ""], of(SecretTemplate.of("A")), of(pulumi.secret("canary")))).toThrow(
            "cannot be made of a secret whose value is known and of one whose value is not",
        );
    });
});

describe("derived", () => {
    const url = wanted("DATABASE_URL", {
        kind: "derived",
        template: "postgresql://app:{password:postgres}@postgres:5432/app",
    });
    const sources = { POSTGRES_PASSWORD: "given", DATABASE_URL: "derived", DB_PASSWORD: "derived" } as const;
    const given = { POSTGRES_PASSWORD: "p/ss w:rd" };

    test("a connection string has the password escaped", async () => {
        const [secrets] = await record(() => make([url, PASSWORD], sources, { given }));
        expect(await known(secrets.get("DATABASE_URL"))).toEqual({
            value: "postgresql://app:p%2Fss%20w%3Ard@postgres:5432/app",
            secret: true,
        });
    });

    test("the password alone is as it is", async () => {
        const plain = wanted("DB_PASSWORD", { kind: "derived", template: "{password:postgres}" });
        const [secrets] = await record(() => make([PASSWORD, plain], sources, { given }));
        expect(await known(secrets.get("DB_PASSWORD"))).toEqual({ value: "p/ss w:rd", secret: true });
    });

    test("of a store that the stack has not is an error", async () => {
        const [error] = await record(() => thrown(() => make([url], { DATABASE_URL: "derived" })));
        expect(error.message).toContain('it is made of the password of "postgres", which this stack has not');
    });
});

test("the component itself has no input, and its output is names alone", async () => {
    const [, recording] = await record(() => make([PASSWORD], { POSTGRES_PASSWORD: "generated" }));
    expect(recording.one("s").inputs).toEqual({});
});
