/**
 * Secrets that External Secrets makes from another store: https://external-secrets.io. What the stack says is where each
 * is and what is made of it.
 */
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";

import type { SecretReference, SecretTemplate } from "../../components/secret-text";
import { compare } from "../order";
import type { ObjectMetadata } from "./labels";

export interface ExternalSecretsOptions {
    store: { name: string; kind: "ClusterSecretStore" | "SecretStore" };
    /** Key of a secret in the store; `{name}` is its name. */
    remoteKey: string;
    /** Property under that key that holds the value, where it is a map; `{name}` as above. */
    remoteProperty?: string;
    refreshPolicy: "Periodic" | "OnChange" | "CreatedOnce";
    /** A Go duration, with `Periodic`. */
    refreshInterval: string;
}

/** @throws when there is none, and `owner` has secrets that the stack does not know */
export function storeFor(owner: string, options: ExternalSecretsOptions | undefined): ExternalSecretsOptions {
    if (options === undefined) {
        throw new Error(`"${owner}" uses secrets that nobody knows: there is no store of External Secrets.`);
    }
    return options;
}

/** Makes the Secret of the same name, with these keys. Ready when it is there. */
export function externalSecret(
    metadata: ObjectMetadata,
    data: Record<string, SecretTemplate>,
    options: ExternalSecretsOptions,
    opts: pulumi.CustomResourceOptions,
): CustomResource {
    return new CustomResource(
        metadata.name,
        {
            apiVersion: "external-secrets.io/v1",
            kind: "ExternalSecret",
            metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
            spec: externalSecretSpec(metadata, data, options),
        },
        opts,
    );
}

function externalSecretSpec(
    { name, labels }: ObjectMetadata,
    data: Record<string, SecretTemplate>,
    { store, remoteKey, remoteProperty, refreshPolicy, refreshInterval }: ExternalSecretsOptions,
): object {
    const filled = (text: string, secret: string) => text.replaceAll("{name}", secret);
    const keys = Object.keys(data).sort(compare);
    return {
        secretStoreRef: { name: store.name, kind: store.kind },
        refreshPolicy,
        ...(refreshPolicy === "Periodic" && { refreshInterval }),
        target: {
            name,
            creationPolicy: "Owner",
            // A store that has lost a secret takes none away from what runs.
            deletionPolicy: "Retain",
            template: {
                engineVersion: "v2",
                type: "Opaque",
                metadata: { labels },
                data: Object.fromEntries(keys.map((each) => [each, goTemplate(data[each]!)])),
            },
        },
        data: secretsOf(Object.values(data)).map((secret) => ({
            secretKey: secret,
            remoteRef: {
                key: filled(remoteKey, secret),
                ...(remoteProperty !== undefined && { property: filled(remoteProperty, secret) }),
            },
        })),
    };
}

function secretsOf(templates: SecretTemplate[]): string[] {
    const references = templates.flatMap(({ parts }) => parts.filter((part) => typeof part !== "string"));
    return [...new Set(references.map(({ secret }) => secret))].sort(compare);
}

/**
 * What each escape is in the templates of External Secrets. Go's `urlquery` has a plus for a space, which a password in a
 * URL takes literally.
 */
const FORMS: Record<SecretReference["form"], string> = {
    plain: "",
    url: ' | urlquery | replace "+" "%20"',
    quoted: String.raw` | replace "\\" "\\\\" | replace "\"" "\\\""`,
    doubled: String.raw` | replace "\"" "\"\""`,
};

/** Braces of the text's own are none of the template's. */
export function goTemplate({ parts }: SecretTemplate): string {
    return parts
        .map((part) =>
            typeof part === "string" ? part.replaceAll("{{", '{{ "{{" }}') : `{{ .${part.secret}${FORMS[part.form]} }}`,
        )
        .join("");
}
