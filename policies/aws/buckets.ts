/** S3 buckets as rules look at them: one view of a bucket, whether its settings are its own inputs or resources beside it. */
import { asMap, hasAt, isRaw, listAt, mapAt, type Raw, valueAt } from "../core/raw";
import { remember } from "../core/remember";
import type { Resource, Stack } from "../core/resource";
import { type Definition, ruleFor, type StackRule, type StackUnit } from "../core/rule";
import type { SettingsSchema } from "../core/settings";
import { ifKnown, UnknownValueError } from "../core/unknown";

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
    /** Undefined: it is not in the stack, or that is not known. */
    readonly bucket: Resource | undefined;
}

export interface Bucket extends StackUnit {
    /** The bucket; where that is not in the stack, what is set for it. */
    readonly resource: Resource;
    /** Its inputs. */
    readonly raw: Raw;
    /** Undefined: it has none. @throws UnknownValueError where there is one of which it is not known whose it is */
    part(name: PartName): BucketPart | undefined;
    /** All of them, beside the bucket first: of two that S3 has one place for, either may be what it ends with. */
    parts(name: PartName): readonly BucketPart[];
    /** With the others. */
    readonly buckets: Buckets;
}

/** All buckets of a stack. */
export class Buckets {
    /** Those that are in it. */
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
            path: "",
            resource,
            raw: resource.props,
            buckets: this,
            part: (name) => this.parts(resource, name)[0],
            parts: (name) => this.parts(resource, name),
        }));
    }

    /** What is set for buckets that are not in the stack, each as a bucket of which nothing else is known. */
    elsewhere(...names: readonly PartName[]): Bucket[] {
        const parts = this.placed.filter(({ part, bucket }) => !bucket && (names as string[]).includes(part));
        return parts.map(({ part, resource }) => {
            const only = [{ resource, path: "", raw: resource.props }];
            return {
                path: "",
                resource,
                raw: {},
                buckets: this,
                part: (name) => (name === part ? only[0] : undefined),
                parts: (name) => (name === part ? only : []),
            };
        });
    }

    /** Into which others' access logs are written. */
    get logTargets(): ReadonlySet<Resource> {
        return (this.foundTargets ??= this.named("Logging", "targetBucket", (raw) => [raw]));
    }

    /** Which others are copied into. */
    get replicas(): ReadonlySet<Resource> {
        return (this.foundReplicas ??= this.named("ReplicationConfig", "rules", (raw) =>
            listAt(raw, "rules").map((rule, n) => nested(asMap(rule, `rules[${n}]`), ["destination", "destinations"])),
        ));
    }

    /** Buckets that others' settings name, in `key` of what `within` finds in them. */
    private named(name: PartName, key: string, within: (raw: Raw) => Raw[]): Set<Resource> {
        const all = this.all.map(({ resource }) => resource);
        const inner = key === "rules" ? "bucket" : key;
        const beside = this.placed
            .filter(({ part }) => part === name)
            .map(({ resource }) => ({ resource, path: "", raw: resource.props }));
        const parts = [...beside, ...all.flatMap((resource) => ifKnown(() => ownParts(resource, name), []))];
        return new Set(
            parts
                .flatMap(({ resource, path, raw }) => {
                    const from = bucketsFrom(resource, path || key, all);
                    return from.length > 0
                        ? from
                        : ifKnown(() => within(raw).map((found) => bucketNamed(found, inner, all)), []);
                })
                .filter((found) => found !== undefined),
        );
    }

    private parts(resource: Resource, name: PartName): BucketPart[] {
        const beside = this.placed.filter(({ part, bucket }) => part === name && bucket === resource);
        const parts = beside.map((it) => ({ resource: it.resource, path: "", raw: it.resource.props }));
        const found = [...parts, ...ownParts(resource, name)];
        if (found.length > 0) return found;
        const anybodys = this.placed.find(({ part, bucket }) => part === name && !bucket);
        if (anybodys && isBucketUnknown(anybodys.resource)) throw new UnknownValueError("bucket");
        return [];
    }
}

/** What a bucket's own inputs say. */
function ownParts(resource: Resource, name: PartName): BucketPart[] {
    const key = PARTS[name].find((each) => hasAt(resource.props, each));
    return key === undefined ? [] : [{ resource, path: key, raw: mapOf(resource.props, key) }];
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
    return (
        bucketsFrom(resource, key, buckets)[0] ?? ifKnown(() => bucketNamed(resource.props, key, buckets), undefined)
    );
}

/** The buckets that a property is made of. */
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

function isBucketUnknown({ props }: Resource): boolean {
    return ifKnown(() => {
        valueAt(props, "bucket");
        return false;
    }, true);
}

export const bucketsOf = remember((stack: Stack) => new Buckets(stack));

/**
 * Looks at every S3 bucket, with what is set for it elsewhere in the stack.
 *
 * @param parts what of buckets that are not in the stack is looked at too, by itself
 */
export function bucketRule<S extends SettingsSchema = Record<never, never>>(
    definition: Definition<Bucket, S> & { parts?: readonly PartName[] },
): StackRule {
    const { parts = [], ...rest } = definition;
    return ruleFor<Bucket>({
        scope: "stack",
        units: (stack) => {
            const buckets = bucketsOf(stack);
            return { units: [...buckets.all, ...buckets.elsewhere(...parts)], unknown: [], malformed: [] };
        },
    })(rest);
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
