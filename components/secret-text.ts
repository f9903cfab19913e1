/** Secret texts: a value, or how to put one together from secrets whose values the stack never sees. */
import * as pulumi from "@pulumi/pulumi";

/** A secret that something beside the stack keeps, as a part of a text. */
export interface SecretReference {
    /** Its name in the system. */
    secret: string;
    /** As it is, escaped in a URL, or escaped between double quotes by a backslash or by another quote. */
    form: "plain" | "url" | "quoted" | "doubled";
}

/** A text with such parts, for a target that has something put the values in. */
export class SecretTemplate {
    constructor(readonly parts: readonly (string | SecretReference)[]) {}

    /** The whole of one secret. */
    static of(secret: string): SecretTemplate {
        return new SecretTemplate([{ secret, form: "plain" }]);
    }
}

export type SecretText = pulumi.Output<string> | SecretTemplate;

const ESCAPES: Record<SecretReference["form"], (text: string) => string> = {
    plain: (text) => text,
    url: encodeURIComponent,
    quoted: (text) => text.replace(/[\\"]/g, "\\$&"),
    doubled: (text) => text.replaceAll('"', '""'),
};

/**
 * A text with secrets in it. With a value for each of them it is a secret value, else a template.
 * @param texts between which the secrets stand: one more than there are of these
 */
export function secretText(
    texts: readonly string[],
    ...secrets: { text: SecretText; form: SecretReference["form"] }[]
): SecretText {
    const templates = secrets.filter(({ text }) => text instanceof SecretTemplate);
    if (templates.length > 0 && templates.length < secrets.length) {
        // The value would have to stand in the template, which is no secret.
        throw new Error("A text cannot be made of a secret whose value is known and of one whose value is not.");
    }
    if (templates.length > 0) {
        const parts = secrets.map(({ text, form }) => (text as SecretTemplate).parts.map((part) => inForm(part, form)));
        return new SecretTemplate(
            texts.flatMap((text, at) => [text, ...(parts[at] ?? [])]).filter((part) => part !== ""),
        );
    }
    return pulumi.secret(
        pulumi.all(secrets.map(({ text }) => text as pulumi.Output<string>)).apply((values) => {
            const escaped = values.map((value, at) => ESCAPES[secrets[at]!.form](value));
            return texts.map((text, at) => text + (escaped[at] ?? "")).join("");
        }),
    );
}

function inForm(part: string | SecretReference, form: SecretReference["form"]): string | SecretReference {
    if (typeof part === "string") return ESCAPES[form](part);
    if (form !== "plain" && part.form !== "plain") throw new Error(`${part.secret} would be escaped twice.`);
    return form === "plain" ? part : { ...part, form };
}
