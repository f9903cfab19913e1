/** S3 buckets as rules look at them: one view of a bucket, whether its settings are its own inputs or resources beside it. */
import { asMap, hasAt, isRaw, listAt, mapAt, valueAt } from "../core/raw";
import type { Raw } from "../core/raw";
import { remember } from "../core/remember";
import type { Resource, Stack } from "../core/resource";
import { ruleFor } from "../core/rule";
import type { StackUnit } from "../core/rule";
import { UnknownValueError } from "../core/unknown";

const TYPE = /^aws:s3\/bucket(\w*?)(?:V2)?:Bucket\w*$/;

/** A setting of a bucket: where it is, and what it says. */
export interface BucketPart {
    readonly resource: Resource;
    /** From the resource's properties on. */
    readonly path: string;
    readonly raw: Raw;
}

/** Settings by the resource that holds one alone, with what the bucket's own input is called, today or in older providers. */
const PARTS = {
    Acl: ["acl"],
    LifecycleConfiguration: ["lifecycleRules"],
    Logging: ["logging", "loggings"],
    ObjectLockConfiguration: ["objectLockConfiguration"],
    OwnershipControls: [],
    Policy: ["policy"],
    PublicAccessBlock: [],
    ReplicationConfig: ["replicationConfiguration", "replicationConfigurations"],
    ServerSideEncryptionConfiguration: ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"],
    Versioning: ["versioning", "versionings"],
} as const satisfies Record<string, readonly string[]>;

type PartName = keyof typeof PARTS;

/** What a setting's resource says of which bucket it is. */
interface Placed {
    readonly part: string;
    readonly resource: Resource;
    /** Undefined: that is not known. */
    readonly bucket: Resource | undefined;
}

export interface Bucket extends StackUnit {
    readonly resource: Resource;
    readonly raw: Raw;
    /** Undefined: it has none. @throws UnknownValueError where there is one of which it is not known whose it is */
    part(name: PartName): BucketPart | undefined;
    /** With the others. */
    readonly buckets: Buckets;
}

/** All buckets of a stack. */
export class Buckets {
    readonly all: readonly Bucket[];
    private readonly placed: readonly Placed[];
    private foundTargets?: ReadonlySet<Resource>;
    private foundReplicas?: ReadonlySet<Resource>;

    constructor(stack: Stack) {
        const found = stack.resources.filter(({ type }) => partOf(type) === "");
        this.placed = stack.resources.flatMap((resource) => {
            const part = partOf(resource.type);
            if (part === undefined || part === "") return [];
            return [{ part, resource, bucket: bucketOf(resource, "bucket", found) }];
        });
        this.all = found.map((resource) => ({
            ...{ path: "", resource, raw: resource.props, buckets: this },
            part: (name) => this.part(resource, name),
        }));
    }

    /** Into which others' access logs are written. */
    get logTargets(): ReadonlySet<Resource> {
        return (this.foundTargets ??= this.named("Logging", "targetBucket", (raw) => [raw]));
    }

    /** Which others are copied into. */
    get replicas(): ReadonlySet<Resource> {
        return (this.foundReplicas ??= this.named("ReplicationConfig", "rules", (raw) =>
            listAt(raw, "rules").map((rule, n) => mapAt(asMap(rule, `rules[${n}]`), "destination")),
        ));
    }

    /** Buckets that others' settings name, in `key` of what `within` finds in them. */
    private named(part: PartName, key: string, within: (raw: Raw) => Raw[]): Set<Resource> {
        const all = this.all.map(({ resource }) => resource);
        const inner = key === "rules" ? "bucket" : key;
        return new Set(
            this.placed
                .filter((placed) => placed.part === part)
                .flatMap(({ resource }) => {
                    const from = bucketsFrom(resource, key, all);
                    return from.length > 0
                        ? from
                        : ifKnown(() => within(resource.props).map((raw) => bucketNamed(raw, inner, all)));
                })
                .filter((found) => found !== undefined),
        );
    }

    private part(resource: Resource, name: PartName): BucketPart | undefined {
        const own = this.placed.find(({ part, bucket }) => part === name && bucket === resource);
        if (own) return { resource: own.resource, path: "", raw: own.resource.props };
        for (const key of PARTS[name]) {
            if (hasAt(resource.props, key)) return { resource, path: key, raw: mapOf(resource.props, key) };
        }
        const anybodys = this.placed.find(({ part, bucket }) => part === name && !bucket);
        if (anybodys && isBucketUnknown(anybodys.resource)) throw new UnknownValueError("bucket");
        return undefined;
    }
}

/** Inputs that hold of the setting's own resource one property alone: that. */
const ALONE: Readonly<Record<string, string>> = { acl: "acl", lifecycleRules: "rules", policy: "policy" };

function mapOf(props: Raw, key: string): Raw {
    const value = valueAt(props, key);
    const alone = ALONE[key];
    return alone === undefined ? nested(props, [key]) : { [alone]: value };
}

function partOf(type: string): string | undefined {
    return TYPE.exec(type)?.[1];
}

function bucketOf(resource: Resource, key: string, buckets: readonly Resource[]): Resource | undefined {
    return bucketsFrom(resource, key, buckets)[0] ?? ifKnown(() => [bucketNamed(resource.props, key, buckets)])[0];
}

/** Of which a property is made. */
function bucketsFrom({ options }: Resource, key: string, buckets: readonly Resource[]): Resource[] {
    const from = options.comesFrom?.[key] ?? [];
    return buckets.filter(({ urn }) => urn !== undefined && from.includes(urn));
}

/** By its name, or by its ARN, which ends with it. */
function bucketNamed(raw: Raw, key: string, buckets: readonly Resource[]): Resource | undefined {
    const name = valueAt(raw, key);
    if (typeof name !== "string") return undefined;
    return buckets.find(({ props }) => {
        const own = Object.getOwnPropertyDescriptor(props, "bucket")?.value as unknown;
        return typeof own === "string" && own !== "" && (name === own || name.endsWith(`:::${own}`));
    });
}

/** Whose it is says nothing of what is not known. */
function ifKnown<T>(read: () => T[]): T[] {
    try {
        return read();
    } catch (error) {
        if (error instanceof UnknownValueError) return [];
        throw error;
    }
}

function isBucketUnknown({ props }: Resource): boolean {
    return ifKnown(() => [valueAt(props, "bucket")]).length === 0;
}

const bucketsOf = remember((stack: Stack) => new Buckets(stack));

/** Looks at every S3 bucket, with what is set for it elsewhere in the stack. */
export const bucketRule = ruleFor<Bucket>({
    scope: "stack",
    units: (stack) => ({ units: bucketsOf(stack).all, unknown: [], malformed: [] }),
});

/** S3 writes the access log of other buckets into it, which limits what it can be. */
export function isLogTarget({ buckets, resource }: Bucket): boolean {
    return buckets.logTargets.has(resource);
}

/** A map at a path of keys, of which each may hold a map or, in older providers, a list with one. */
export function nested(raw: Raw, ...keys: readonly (readonly string[])[]): Raw {
    let at = raw;
    for (const names of keys) {
        const key = names.find((name) => hasAt(at, name)) ?? names[0]!;
        const value = valueAt(at, key);
        at = Array.isArray(value) ? (isRaw(value[0]) ? value[0] : {}) : mapAt(at, key);
    }
    return at;
}
