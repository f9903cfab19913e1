import { flagAt, type Raw } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Stack } from "../../core/resource";
import { ALWAYS, ruleFor, type StackUnit } from "../../core/rule";
import { ifKnown } from "../../core/unknown";
import { cisAws } from "../../frameworks/cis-aws";
import { soc2 } from "../../frameworks/soc2";
import { type BucketPart, bucketsOf } from "../buckets";

const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** A bucket, or the account of all. */
interface Blocked extends StackUnit {
    blocks(): readonly BucketPart[];
    /** What the account blocks for every bucket. */
    readonly inAccount: ReadonlySet<string>;
}

const blockedIn = remember((stack: Stack): Blocked[] => {
    const buckets = bucketsOf(stack);
    const accounts = stack.resources.filter(({ type }) => type === ACCOUNT);
    const inAccount = new Set(FLAGS.filter((flag) => accounts.some(({ props }) => isOn(props, flag))));
    return [
        ...accounts.map((resource) => {
            const block = { resource, path: "", raw: resource.props };
            return { path: "", resource, blocks: () => [block], inAccount: new Set<string>() };
        }),
        ...[...buckets.all, ...buckets.elsewhere("PublicAccessBlock")].map(({ resource, parts }) => {
            return { path: "", resource, blocks: () => parts("PublicAccessBlock"), inAccount };
        }),
    ];
});

function isOn(props: Raw, flag: string): boolean {
    return ifKnown(() => props[flag] === true, false);
}

const blockedRule = ruleFor<Blocked>({
    scope: "stack",
    units: (stack) => ({ units: blockedIn(stack), unknown: [], malformed: [] }),
});

export default blockedRule({
    id: "GW-AWS-002",
    slug: "public-access-block",
    title: "Buckets can be opened to the public neither by mistake nor on purpose",
    why: "One line of a policy or of an ACL opens all that is in a bucket to everybody. The block stands whatever they say.",
    remedy: "Add BucketPublicAccessBlock with all four settings true, or AccountPublicAccessBlock for all buckets of the account.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisAws("3.1.4"), ...soc2("CC6.1", "CC6.6")],
    check({ blocks, inAccount }, report) {
        if (FLAGS.every((flag) => inAccount.has(flag))) return;
        const found = blocks();
        if (found.length === 0) report("", "must have BucketPublicAccessBlock");
        for (const { resource, raw } of found) {
            for (const flag of FLAGS) {
                report.attempt(() => {
                    if (!inAccount.has(flag) && !flagAt(raw, flag)) report(flag, "must be true", resource);
                });
            }
        }
    },
});
