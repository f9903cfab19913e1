import { describe, expect, test } from "vitest";

import type { Resource } from "../../../policies/core/resource";
import rule from "../../../policies/stack/protected";
import { aws, plain } from "../support/aws";
import { UNKNOWN, verdict } from "../support/spec";
import { inFile } from "../support/whole-stack";

const unprotected = (resource: Resource): Resource => ({ ...resource, options: {} });

/** Whether a resource is protected is always known, so it has no cases in which it is not. */
describe(`${rule.id}: ${rule.title}`, () => {
    test.each([
        ["good: a bucket", plain()],
        ["good: a key", aws("kms/key:Key", {})],
        ["edge: what nobody can protect, because it is in a file", inFile(unprotected(plain()))],
        ["edge: what holds no data", unprotected(aws("iam/role:Role", {}))],
        ["edge: whatever else is not known", plain({ bucket: UNKNOWN })],
    ])("%s", (_name, judged) => {
        expect(verdict(rule, judged)).toEqual({ violations: [], notEvaluated: [], messages: [] });
    });

    test.each([
        ["bad: a bucket", plain()],
        ["bad: a bucket of older providers", aws("s3/bucketV2:BucketV2", {})],
        ["bad: a key", aws("kms/key:Key", {})],
    ])("%s", (_name, judged) => {
        expect(verdict(rule, unprotected(judged)).messages).toEqual(["must be protected"]);
    });
});
