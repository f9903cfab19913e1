import { describe, expect, it } from "vitest";

import { isSecretKey, parseKey, valueOf } from "../../../config/key";
import { refusalOf } from "./fixture";

const parsed = (text: string) => parseKey(text, { file: "Pulumi.dev.yaml" });

describe("a key", () => {
    it.each([
        ["system", ["system"]],
        ["groundwork:system", ["system"]],
        ["edge.httpsPort", ["edge", "httpsPort"]],
        ["services.api.env.LOG_LEVEL", ["services", "api", "env", "LOG_LEVEL"]],
        ['services["api"].env["A.B"]', ["services", "api", "env", "A.B"]],
        ['services.api.env["A\\"B"]', ["services", "api", "env", 'A"B']],
        ["services.api.command[0]", ["services", "api", "command", 0]],
    ])("%s is a path", (text, path) => expect(parsed(text)).toEqual(path));

    it.each(["", "groundwork:", ".", "a..b", "edge.", "edge.[x]", "[0]", 'edge["x', "edge httpPort", "a:b:c"])(
        "%j is refused",
        (text) => expect(refusalOf(() => parsed(text)).problems).toHaveLength(1),
    );

    it("that no stack file has is refused with the nearest there is", () => {
        expect(refusalOf(() => parsed("edge.htpPort")).message).toContain("Did you mean httpPort?");
        expect(refusalOf(() => parsed("groundwrk:edge")).message).toContain("Did you mean groundwork?");
        expect(refusalOf(() => parsed("__proto__")).message).toContain("is not a known key");
        expect(refusalOf(() => parsed("constructor.name")).message).toContain("is not a known key");
    });

    it("is secret under secrets alone", () => {
        expect(isSecretKey(parsed("secrets.OPENAI_API_KEY"))).toBe(true);
        expect(isSecretKey(parsed("secrets"))).toBe(true);
        expect(isSecretKey(parsed("services.api.env.X"))).toBe(false);
    });
});

describe("a typed value", () => {
    it.each<[string, string, unknown]>([
        ["edge.httpsPort", "9443", 9443],
        ["edge.httpsPort", "99999", 99999],
        ["edge.httpsPort", "https", "https"],
        ["protect", "true", true],
        ["protect", "yes", "yes"],
        ["domain", "a.example.com", "a.example.com"],
        ["secrets.OPENAI_API_KEY", "123", "123"],
        ["services.api.resources.cpuLimit", "1.5", 1.5],
        ["services.api.env.PORT", "3001", 3001],
        ["services.api.env.VERSION", "1.10", "1.10"],
        ["services.api.env.ID", "007", "007"],
        ["services.api.env.JSON", '{"a":1}', '{"a":1}'],
        ["services.api.command", '["node","x.js"]', ["node", "x.js"]],
        ["edge", '{"httpPort":8080}', { httpPort: 8080 }],
        ["domain", "null", "null"],
    ])("%s %s is what the schema takes", (key, text, value) => expect(valueOf(parsed(key), text)).toEqual(value));
});
