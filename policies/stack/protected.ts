import type { Resource } from "../core/resource";
import { ruleFor, type Unit } from "../core/rule";
import { soc2 } from "../frameworks/soc2";

interface Kept extends Unit {
    readonly resource: Resource;
}

/** What holds data, or what data cannot be read without. Of volumes on Docker and claims on Kubernetes GW-STK-008 knows whether they do. */
const TYPES = [
    ...["aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
    ...["random:index/randomPassword:RandomPassword", "random:index/randomBytes:RandomBytes"],
];

export default ruleFor<Kept>({
    scope: "resource",
    applies: (type) => TYPES.includes(type),
    // Only a stack's resources can be protected.
    units: (resource) => ({
        units: resource.urn === undefined ? [] : [{ path: "", resource }],
        unknown: [],
        malformed: [],
    }),
})({
    id: "GW-STK-004",
    slug: "protected",
    title: "Buckets, keys and generated passwords are protected outside of dev",
    why: "pulumi destroy, a renamed resource, or an input that replaces it deletes the data with it. A plan that would delete or replace what is protected is refused by both engines, by name; a policy cannot do that itself, as none is shown what was there before. gw report names it on the pull request.",
    remedy: "Set protect: true in its options (groundwork:protect).",
    severity: "high",
    levels: { dev: "disabled", staging: "mandatory", prod: "mandatory" },
    references: soc2("A1.2", "CC8.1"),
    check({ resource }, report) {
        if (resource.options.protect !== true) report("", "must be protected");
    },
});
