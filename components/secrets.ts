import { hkdfSync } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { type Secret, STORE_PASSWORDS } from "../systems/types";
import { Problems } from "./problems";
import { secretText, SecretTemplate, type SecretText } from "./secret-text";
import type { SecretSource } from "./settings/secrets";

const PASSWORD = /\{password:\w+\}/g;

export interface SecretsArgs {
    /** What the system asks for. */
    secrets: Secret[];
    /** Where each comes from in this stack, by name; see `secretSources`. */
    sources: Record<string, SecretSource>;
    /** Values of the given ones, by name: the config key `groundwork:secrets`. */
    given?: pulumi.Output<Record<string, string>>;
    /** Generated ones are protected and kept on delete: a password that is lost is a database that is lost. */
    protect: boolean;
}

/** A stack's secrets: given in config, generated once and kept in the state, kept elsewhere, or put together from others. */
export class Secrets extends pulumi.ComponentResource {
    /** Values by name, each marked secret; an external one is a reference instead. An optional one that is not given is not here. */
    readonly values: Record<string, SecretText> = {};
    private readonly protectOptions: pulumi.CustomResourceOptions;

    /** @throws pulumi.InputPropertiesError when one that is required is neither given nor can be made */
    constructor(
        private readonly name: string,
        private readonly args: SecretsArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        // Nothing goes into the state as this component's input.
        super("groundwork:secrets:Secrets", name, {}, opts);
        this.protectOptions = { parent: this, protect: args.protect, retainOnDelete: args.protect };
        this.validate();

        const derived = args.secrets.filter((s) => args.sources[s.name] === "derived");
        for (const secret of args.secrets) {
            const value = this.make(secret);
            if (value) {
                this.values[secret.name] = value instanceof SecretTemplate ? value : pulumi.secret(value);
            }
        }
        // Last, since they are made of the others.
        for (const secret of derived) {
            this.values[secret.name] = this.derive(secret);
        }
        const known = Object.entries(this.values).filter(([, value]) => !(value instanceof SecretTemplate));
        this.registerOutputs({ values: Object.fromEntries(known) });
    }

    /** @throws when the stack has no such secret */
    get(name: string): SecretText {
        const value = this.values[name];
        if (!value) {
            throw new Error(
                `This stack has no secret "${name}"; it has ${Object.keys(this.values).sort().join(", ")}.`,
            );
        }
        return value;
    }

    private make(secret: Secret): SecretText | undefined {
        const part = `${this.name}-${secret.name.toLowerCase().replaceAll("_", "-")}`;
        switch (this.args.sources[secret.name]) {
            case "external":
                return SecretTemplate.of(secret.name);
            case "given":
                return this.args.given!.apply((given) => given[secret.name]!);
            case "placeholder": {
                const password = this.password(part, 24);
                return pulumi.interpolate`placeholder-${password}`;
            }
            case "generated":
                return secret.shape.kind === "base64"
                    ? this.key(part, secret.shape.bytes)
                    : this.password(part, secret.shape.kind === "alphanumeric" ? secret.shape.length : 32);
            default:
                return undefined;
        }
    }

    /**
     * Random bytes in base64. RandomBytes would make them too, but has them for its id, and no state encrypts an id. So they are drawn from
     * a password that holds more randomness than they can.
     */
    private key(part: string, bytes: number): pulumi.Output<string> {
        return this.password(part, 2 * bytes).apply((password) =>
            Buffer.from(hkdfSync("sha512", password, "", part, bytes)).toString("base64"),
        );
    }

    private password(part: string, length: number): pulumi.Output<string> {
        return new random.RandomPassword(part, { length, special: false }, this.protectOptions).result;
    }

    /** In a URL the passwords are escaped; a template that is nothing but a password is that password. */
    private derive(secret: Secret): SecretText {
        const template = (secret.shape as Extract<Secret["shape"], { kind: "derived" }>).template;
        const form = template.includes("://") ? "url" : "plain";
        const passwords = passwordsIn(template).map((store) => ({ text: this.get(passwordOf(store)!), form }) as const);
        return secretText(template.split(PASSWORD), ...passwords);
    }

    private validate(): void {
        const problems = new Problems();
        const { secrets, sources, given } = this.args;
        for (const secret of secrets) {
            const source = sources[secret.name];
            const alternative = (secret.alternatives ?? []).some((name) =>
                ["given", "external"].includes(sources[name]!),
            );
            problems.expect(
                source !== "absent" || !secret.required || alternative,
                `secrets.${secret.name}`,
                `it is required here and nobody but you has it; set it with: pulumi config set --secret --path groundwork:secrets.${secret.name}`,
            );
            problems.expect(
                source !== "given" || given !== undefined,
                "given",
                `the value of ${secret.name} is missing`,
            );
            if (source === "derived" && secret.shape.kind === "derived") {
                for (const store of passwordsIn(secret.shape.template)) {
                    const password = passwordOf(store);
                    problems.expect(
                        password !== undefined && sources[password] !== undefined && sources[password] !== "absent",
                        `secrets.${secret.name}`,
                        `it is made of the password of "${store}", which this stack has not`,
                    );
                }
            }
        }
        problems.throwIfAny(`Secrets "${this.name}"`);
    }
}

function passwordOf(store: string): string | undefined {
    return Object.hasOwn(STORE_PASSWORDS, store) ? STORE_PASSWORDS[store as keyof typeof STORE_PASSWORDS] : undefined;
}

function passwordsIn(template: string): string[] {
    return (template.match(PASSWORD) ?? []).map((found) => found.slice("{password:".length, -1));
}
