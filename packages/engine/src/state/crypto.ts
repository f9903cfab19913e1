/**
 * Pulumi's passphrase secrets provider: PBKDF2-SHA256 with 1,000,000 iterations and AES-256-GCM
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/crypt.go).
 */
import { createCipheriv, createDecipheriv, createHash, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

import { isObject, isSecret, mapEntries, plainValue, secret, SECRET, SIGNATURE } from "../properties";
import type { PropertyMap, PropertyValue } from "../provider";
import { PassphraseError } from "./errors";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** Encrypts and decrypts with one derived key. */
export class Crypter {
    private constructor(
        private readonly key: Buffer,
        /** `v1:<salt>:<check value>`, as in a stack file's `encryptionsalt`. */
        readonly salt: string,
    ) {}

    /** Derives the key of an existing salt; takes about half a second, in another thread. @throws PassphraseError if it is not the one */
    static async open(passphrase: string, salt: string): Promise<Crypter> {
        const [version, bytes, ...check] = salt.split(":");
        if (version !== "v1" || !bytes || check.length !== 3) {
            throw new Error(
                `The encryption salt must look like "v1:<salt>:v1:<nonce>:<text>", but is "${salt}". ` +
                    `Put back the one that the secrets were encrypted with: without it nobody can open them.`,
            );
        }
        const crypter = new Crypter(await deriveKey(passphrase, Buffer.from(bytes, "base64")), salt);
        let text: string;
        try {
            text = crypter.decrypt(check.join(":"));
        } catch {
            text = "";
        }
        if (text !== "pulumi") {
            throw new PassphraseError();
        }
        return crypter;
    }

    /** A new salt for a new stack. */
    static async create(passphrase: string): Promise<Crypter> {
        const salt = randomBytes(8);
        const key = await deriveKey(passphrase, salt);
        return new Crypter(key, `v1:${salt.toString("base64")}:${new Crypter(key, "").encrypt("pulumi")}`);
    }

    /** @returns `v1:<nonce>:<text and tag>` in base64 */
    encrypt(text: string): string {
        const nonce = randomBytes(12);
        const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
        const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
        return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
    }

    /** @throws Error if the text was changed or made with another key */
    decrypt(ciphertext: string): string {
        const [version, nonce, text] = ciphertext.split(":");
        if (version !== "v1" || !nonce || text === undefined)
            throw new Error("A secret in the state is not in Pulumi's format v1.");
        const sealed = Buffer.from(text, "base64");
        const decipher = createDecipheriv("aes-256-gcm", this.key, Buffer.from(nonce, "base64"), {
            authTagLength: TAG_BYTES,
        });
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    }
}

/** Keys derived in this process: a preview and the run after it derive it once. */
const keys = new Map<string, Promise<Buffer>>();

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
    const name = createHash("sha256").update(salt).update(passphrase).digest("base64");
    let key = keys.get(name);
    if (!key) {
        key = promisify(pbkdf2)(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
        keys.set(name, key);
    }
    return key;
}

/**
 * Turns secrets in property maps into what the state holds and back. An unchanged secret keeps its ciphertext, so that the file is stable.
 */
export class SecretCodec {
    private readonly ciphertexts = new WeakMap<object, string>();

    constructor(private readonly crypter: Crypter) {}

    get salt(): string {
        return this.crypter.salt;
    }

    decode(map: PropertyMap): PropertyMap {
        return this.decodeValue(map) as PropertyMap;
    }

    private decodeValue(value: PropertyValue): PropertyValue {
        if (Array.isArray(value)) return value.map((v) => this.decodeValue(v));
        if (!isObject(value)) return value;
        if (value[SIGNATURE] === SECRET) {
            const { ciphertext, plaintext } = value;
            const text = typeof plaintext === "string" ? plaintext : this.crypter.decrypt(String(ciphertext));
            const result = secret(JSON.parse(text) as PropertyValue);
            if (typeof ciphertext === "string") this.ciphertexts.set(result as object, ciphertext);
            return result;
        }
        return mapEntries(value, (each) => this.decodeValue(each));
    }

    /** @param before the same properties as they were, whose ciphertexts are kept where the secret is equal */
    encode(map: PropertyMap, before?: PropertyMap): PropertyMap {
        return this.encodeValue(map, before) as PropertyMap;
    }

    private encodeValue(value: PropertyValue, before: PropertyValue | undefined): PropertyValue {
        if (Array.isArray(value))
            return value.map((v, i) => this.encodeValue(v, Array.isArray(before) ? before[i] : undefined));
        if (!isObject(value)) return value;
        if (isSecret(value)) {
            const text = JSON.stringify(plainValue(value));
            let ciphertext = this.ciphertexts.get(value);
            if (!ciphertext && isSecret(before) && JSON.stringify(plainValue(before)) === text)
                ciphertext = this.ciphertexts.get(before);
            ciphertext ??= this.crypter.encrypt(text);
            this.ciphertexts.set(value, ciphertext);
            return { [SIGNATURE]: SECRET, ciphertext };
        }
        const old = isObject(before) ? before : {};
        return mapEntries(value, (each, key) => this.encodeValue(each, old[key]));
    }
}

/** With `{plaintext}` instead of `{ciphertext}`, as `pulumi stack export --show-secrets` has it. */
export function revealed(map: PropertyMap): PropertyMap {
    const visit = (value: PropertyValue): PropertyValue => {
        if (Array.isArray(value)) return value.map(visit);
        if (!isObject(value)) return value;
        if (isSecret(value)) return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(plainValue(value)) };
        return mapEntries(value, visit);
    };
    return visit(map) as PropertyMap;
}
