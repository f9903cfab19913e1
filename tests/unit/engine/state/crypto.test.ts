import { createDecipheriv, pbkdf2Sync } from "node:crypto";

import fc from "fast-check";
import { expect, it } from "vitest";

import { equal, secret } from "../../../../packages/engine/src/properties";
import type { PropertyMap, PropertyValue } from "../../../../packages/engine/src/provider";
import { Crypter, revealed, SecretCodec } from "../../../../packages/engine/src/state/crypto";
import { failure, PASSPHRASE, SALT } from "../../../fixtures/engine/harness";

const values = fc.letrec<{ value: PropertyValue }>((tie) => ({
    value: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(fc.string(), tie("value")),
        tie("value").map(secret),
    ),
}));
const maps = fc.dictionary(fc.string(), values.value) as fc.Arbitrary<PropertyMap>;

it("is Pulumi's scheme: PBKDF2-SHA256 with 1,000,000 rounds, AES-256-GCM, v1:nonce:text", async () => {
    const crypter = await Crypter.create("a passphrase");
    const [version, salt] = crypter.salt.split(":");
    expect(version).toBe("v1");
    const key = pbkdf2Sync("a passphrase", Buffer.from(salt!, "base64"), 1_000_000, 32, "sha256");
    const [, nonce, text] = crypter.encrypt("plain text").split(":");
    const sealed = Buffer.from(text!, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce!, "base64")).setAuthTag(
        sealed.subarray(-16),
    );
    expect(decipher.update(sealed.subarray(0, -16), undefined, "utf8") + decipher.final("utf8")).toBe("plain text");
});

it("refuses a wrong passphrase, a malformed salt and a changed text", async () => {
    expect((await failure(Crypter.open("wrong", SALT))).message).toContain("passphrase");
    expect((await failure(Crypter.open("x", "v2:abc"))).message).toContain("v2:abc");
    const crypter = await Crypter.open(PASSPHRASE, SALT);
    expect(() => crypter.decrypt(crypter.encrypt("x").replace(/.$/, "A"))).toThrow();
});

it("whatever is encoded comes back as it was, has no secret in it, and keeps its ciphertexts", async () => {
    const codec = new SecretCodec(await Crypter.open(PASSPHRASE, SALT));
    fc.assert(
        fc.property(maps, (map) => {
            const encoded = codec.encode(map);
            const decoded = codec.decode(encoded);
            expect(equal(decoded, map)).toBe(true);
            expect(codec.encode(decoded)).toEqual(encoded);
            // The same properties in new objects, as the next run's program sends them.
            expect(codec.encode(structuredClone(map), decoded)).toEqual(encoded);
            expect(equal(codec.decode(revealed(map)), map)).toBe(true);
        }),
    );
    expect(JSON.stringify(codec.encode({ a: [secret({ b: "canary" })] }))).not.toContain("canary");
});
