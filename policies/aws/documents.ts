/** Policy documents of AWS as rules look at them: statements, each with its lists, wherever a document is. */
import { UnitsBuilder } from "../core/check";
import { asMap, join, listAt, MalformedError, type Raw, textAt, valueAt } from "../core/raw";
import { remember } from "../core/remember";
import type { Resource } from "../core/resource";
import { ruleFor, type Unit } from "../core/rule";
import { Statement } from "./statement";

/** identity: what somebody may do. trust: who may become a role. bucket, key, resource: who may do what with one thing. */
export type DocumentKind = "identity" | "trust" | "bucket" | "key" | "resource";

export interface PolicyStatement extends Unit {
    readonly kind: DocumentKind;
    readonly statement: Statement;
}

/** Where resources have documents: properties by type. */
const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, DocumentKind>>>> = {
    "aws:backup/vaultPolicy:VaultPolicy": { policy: "resource" },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": { policy: "resource" },
    "aws:iam/groupPolicy:GroupPolicy": { policy: "identity" },
    "aws:iam/policy:Policy": { policy: "identity" },
    "aws:iam/role:Role": { assumeRolePolicy: "trust" },
    "aws:iam/rolePolicy:RolePolicy": { policy: "identity" },
    "aws:iam/userPolicy:UserPolicy": { policy: "identity" },
    "aws:kms/externalKey:ExternalKey": { policy: "key" },
    "aws:kms/key:Key": { policy: "key" },
    "aws:kms/keyPolicy:KeyPolicy": { policy: "key" },
    "aws:kms/replicaKey:ReplicaKey": { policy: "key" },
    "aws:s3/accessPoint:AccessPoint": { policy: "resource" },
    "aws:s3/bucket:Bucket": { policy: "bucket" },
    "aws:s3/bucketV2:BucketV2": { policy: "bucket" },
    "aws:s3/bucketPolicy:BucketPolicy": { policy: "bucket" },
    "aws:s3control/accessPointPolicy:AccessPointPolicy": { policy: "resource" },
    "aws:secretsmanager/secret:Secret": { policy: "resource" },
    "aws:secretsmanager/secretPolicy:SecretPolicy": { policy: "resource" },
    "aws:sns/topic:Topic": { policy: "resource" },
    "aws:sns/topicPolicy:TopicPolicy": { policy: "resource" },
    "aws:sqs/queue:Queue": { policy: "resource" },
    "aws:sqs/queuePolicy:QueuePolicy": { policy: "resource" },
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": { inlinePolicy: "identity" },
};

const statementUnits = remember((resource: Resource) => {
    const found = new UnitsBuilder<PolicyStatement>();
    const add = (raw: Raw, key: string, at: string, kind: DocumentKind) =>
        found.attempt("", () => {
            rawStatements(raw, key, at).forEach((item, n) => {
                const path = join(at, `Statement[${n}]`);
                found.attempt("", () => {
                    const statement = made(item, path);
                    const id = textAt(item as Raw, "Sid");
                    found.units.push({ kind, statement, path, ...(id !== undefined && { label: `statement ${id}` }) });
                });
            });
        });
    for (const [key, kind] of Object.entries(DOCUMENTS[resource.type] ?? {})) add(resource.props, key, key, kind);
    if (resource.type !== "aws:iam/role:Role") return found;
    found.attempt("", () => {
        listAt(resource.props, "inlinePolicies").forEach((item, n) => {
            const at = `inlinePolicies[${n}]`;
            found.attempt("", () => add(asMap(item, at), "policy", join(at, "policy"), "identity"));
        });
    });
    return found;
});

/** Looks at every statement of every policy document. */
export const statementRule = ruleFor<PolicyStatement>({
    scope: "resource",
    applies: (type) => Object.hasOwn(DOCUMENTS, type),
    units: statementUnits,
});

/** The statements of a document in a property. */
export function statementsIn(raw: Raw, key: string): Statement[] {
    return rawStatements(raw, key, key).map((item, n) => made(item, `${key}.Statement[${n}]`));
}

/** Where a document has one statement, that need not be a list. */
function rawStatements(raw: Raw, key: string, path: string): readonly unknown[] {
    const value = valueAt(raw, key);
    if (value === undefined || value === "") return [];
    const document = typeof value === "string" ? parsed(value, path) : value;
    const statements = valueAt(asMap(document, path), "Statement");
    if (statements === undefined) return [];
    return Array.isArray(statements) ? (statements as unknown[]) : [statements];
}

function parsed(text: string, path: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new MalformedError(path, "a policy document in JSON", text);
    }
}

function made(item: unknown, path: string): Statement {
    const raw = asMap(item, path);
    try {
        return new Statement(raw);
    } catch (error) {
        if (error instanceof MalformedError)
            throw new MalformedError(join(path, error.path), "of a type that AWS reads", undefined);
        throw error;
    }
}
