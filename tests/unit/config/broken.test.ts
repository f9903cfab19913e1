import { RunError } from "@pulumi/pulumi/errors";
import { describe, expect, it } from "vitest";

import { BROKEN } from "./broken";
import { CANARY, DEV, PROD, refusal, type Values } from "./fixture";

/** Every text under `secrets`, which no message may hold. */
function secretTexts(values: Values): string[] {
    const found: string[] = [CANARY];
    const walk = (value: unknown) => {
        if (typeof value === "string" && value.length >= 8) found.push(value.trim());
        if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
    };
    walk(values.secrets);
    return found;
}

describe("a broken config", () => {
    it("is one of at least a hundred", () => {
        expect(BROKEN.length).toBeGreaterThanOrEqual(100);
        expect(new Set(BROKEN.map(({ what }) => what)).size).toBe(BROKEN.length);
    });

    it.each(BROKEN)("is refused: $what", ({ values, key, rule, also }) => {
        const { message, problems } = refusal(values, { file: "/somewhere/Pulumi.sample.yaml" });
        const own = problems.filter((problem) => problem.key === key);
        expect(own.map((problem) => problem.rule).join("\n")).toContain(rule);
        for (const text of [key, rule, ...(also ?? [])]) {
            expect(message.replaceAll("--stack sample ", "")).toContain(text);
        }
        for (const secret of secretTexts(values)) expect(message).not.toContain(secret);
        expect(message).toMatch(/^\d+ problems? in Pulumi\.sample\.yaml; nothing was changed\.\n/);
        expect(message).not.toMatch(/^\s+at |ZodError|undefined|\[object|\.ts:\d/m);
    });

    it.each(BROKEN)("has no problem but its own: $what", ({ values, key }) => {
        // A slip may have consequences, but only near itself; these are the ones that are wrong in several ways.
        const several =
            /nothing at all|no secrets in staging|certificate that is not given|with dev's defaults|no room/;
        const { problems } = refusal(values);
        const { what } = BROKEN.find((broken) => broken.values === values) ?? { what: "" };
        if (several.test(what)) return;
        expect(problems.map((problem) => problem.key)).toEqual([key]);
    });
});

describe("a config that is wrong in many ways", () => {
    const values = {
        ...PROD,
        domain: "not a host",
        edge: { httpPort: 0, adress: "::" },
        services: { api: { replicas: 9, resources: { memoryLimitMiB: 1 } }, web: {} },
        volumes: { files: { sizeMiB: 1 } },
        images: { overrides: { caddy: "Caddy" } },
        secrets: { API_KEY: "sk-...", SIGNING_KEY: CANARY },
        nonsense: "x",
    };

    it("is told all of them at once, ordered by key", () => {
        expect(refusal(values).problems.map(({ key }) => key.replace("groundwork:", ""))).toEqual([
            "domain",
            "edge.httpPort",
            "edge.adress",
            "images.overrides.caddy",
            "images.overrides.backup",
            "nonsense",
            "secrets.API_KEY",
            "secrets.SIGNING_KEY",
            "secrets.CHAT_TOKEN",
            "services.api.resources.memoryLimitMiB",
            "services.api.replicas",
            "services.web",
            "volumes.files.sizeMiB",
        ]);
    });

    it("names file, line, value, rule and the command that mends it", () => {
        const context = {
            file: "Pulumi.eu.yaml",
            lineOf: (path: readonly unknown[]) => (path[1] === "httpPort" ? 7 : undefined),
        };
        expect(refusal({ ...DEV, edge: { httpPort: 0 } }, context).message).toBe(
            [
                "1 problem in Pulumi.eu.yaml; nothing was changed.",
                "  groundwork:edge.httpPort = 0  (Pulumi.eu.yaml:7)",
                "      must be a port: a whole number from 1 to 65535",
                "      → pulumi config set --stack eu --path groundwork:edge.httpPort 8080",
            ].join("\n"),
        );
    });
});

describe("what is not shown", () => {
    it("is any value of a key that Pulumi calls secret", () => {
        const { message } = refusal({ ...DEV, domain: CANARY }, { secretKeys: ["groundwork:domain"] });
        expect(message).toContain("groundwork:domain\n");
        expect(message).not.toContain(CANARY);
    });

    it.each([
        "sk-Short",
        "ghp_abcdefghij",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOi.eyJzdWIi",
        "https://me:hunter2@example.com",
        "Zm9vYmFyYmF6cXV4MTIzNA==",
    ])("is a value that looks like a credential, wherever it stands: %s", (value) => {
        const { message, problems } = refusal({ ...DEV, domain: value, target: value });
        expect(problems).toHaveLength(2);
        expect(message).not.toContain(value);
    });

    it("is a value under a key that names a credential", () => {
        const { message } = refusal({ ...DEV, services: { api: { env: { SMTP_PASSWORD: 1.25 } } } });
        expect(message).toContain("groundwork:services.api.env.SMTP_PASSWORD");
        expect(message).not.toContain("1.25");
    });

    it("is the value of an unknown key", () => {
        expect(refusal({ ...DEV, openai: "hunter2" }).message).not.toContain("hunter2");
    });

    it("is a control or direction character, and the rest of a long value", () => {
        const { message } = refusal({ ...DEV, domain: `\u001b[2J\u202e${"x".repeat(10_000)}` });
        expect(message).toContain("\\u{202e}");
        expect(message).not.toMatch(/[^\P{C}\n]/u);
        expect(message.length).toBeLessThan(600);
    });

    it("is a plain secret, which is refused where Pulumi says which keys are encrypted", () => {
        const values = { ...PROD };
        const { message, problems } = refusal(values, { secretKeys: [] });
        expect(problems.map(({ key }) => key)).toEqual(["groundwork:secrets.API_KEY", "groundwork:secrets.CHAT_TOKEN"]);
        expect(message).toContain("must be set with --secret");
        expect(message).not.toContain(CANARY);
    });
});

describe("the error", () => {
    it("makes Pulumi print its message without the program's stack trace", () => {
        expect(RunError.isInstance(refusal({}))).toBe(true);
    });
});

it("cuts a message short that nobody would read, and keeps every problem", () => {
    const services = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`service-${index}`, {}]));
    const { message, problems } = refusal({ ...DEV, services });
    expect(problems).toHaveLength(150);
    expect(message).toMatch(/^150 problems/);
    expect(message).toMatch(/… and 50 more\.$/);
});
