/** What the aws provider refuses before it speaks to anybody; tests/engine/aws has it speak to a server. */
import { describe, expect, it } from "vitest";

import type { PropertyMap } from "../../../../packages/engine/src/provider";
import { awsProvider } from "../../../../packages/engine/src/providers/aws";
import { contextOf, SEED } from "./context";

const BUCKET = "aws:s3/bucket:Bucket";
const OWN = "http://127.0.0.1:1";

function endpoints(url: string): PropertyMap {
    return { endpoints: [{ s3: url, kms: url, iam: url }], region: "eu-central-1", accessKey: "a", secretKey: "s" };
}

async function refusal(config: PropertyMap): Promise<string> {
    const ctx = contextOf(BUCKET, { config });
    return awsProvider.read(ctx, "x").then(
        () => "it did not fail",
        (error: Error) => error.message,
    );
}

describe("the aws provider", () => {
    it("speaks to no server that it is not told", async () => {
        expect(await refusal({ region: "eu-central-1", accessKey: "a", secretKey: "s" })).toContain(
            "names no endpoint for s3",
        );
        expect(await refusal({ ...endpoints(OWN), endpoints: [{ s3: OWN, kms: OWN }] })).toContain(
            "names no endpoint for iam",
        );
    });

    it.each([
        "https://s3.eu-central-1.amazonaws.com",
        "https://iam.amazonaws.com",
        "https://s3.cn-north-1.amazonaws.com.cn",
    ])("does not speak to AWS itself: %s", async (url) => {
        expect(await refusal(endpoints(url))).toContain("Run with the Pulumi CLI");
    });

    it("speaks to a server whose name only has AWS's in it", async () => {
        expect(await refusal(endpoints("http://amazonaws.com.localhost:1"))).toMatch(/^Nothing answers at /);
    });

    it("takes no credentials from the environment", async () => {
        const { accessKey: _, ...config } = endpoints(OWN);
        expect(await refusal(config)).toContain("names no accessKey");
    });

    it("says where nothing answers", async () => {
        expect(await refusal(endpoints(OWN))).toBe(
            `Nothing answers at ${OWN} (ECONNREFUSED), which the aws provider names. Start it, or name another endpoint.`,
        );
    });

    it("names a bucket itself, in letters that a bucket may have, and keeps the name", async () => {
        const ctx = contextOf(BUCKET, { name: "gw-Test" });
        const first = await awsProvider.check(ctx, undefined, {}, SEED);
        expect(first.inputs.bucket).toMatch(/^gw-test-[0-9a-f]{7}$/);
        const again = await awsProvider.check(ctx, first.inputs, {}, Buffer.alloc(32, 8));
        expect(again.inputs.bucket).toBe(first.inputs.bucket);
    });

    it("tells of every wrong input at once, and why it does not take one that the real provider takes", async () => {
        const { failures } = await awsProvider.check(
            contextOf(BUCKET),
            undefined,
            { bucket: "Not_A_Bucket", versioning: {}, forceDestry: true },
            SEED,
        );
        expect(failures.map(({ property, reason }) => `${property} ${reason}`)).toEqual([
            expect.stringContaining("bucket must be a bucket's name"),
            expect.stringContaining("versioning is not supported by the embedded engine: use BucketVersioning"),
            expect.stringContaining('forceDestry is no property of this resource: did you mean "forceDestroy"?'),
        ]);
    });

    it("takes policies of equal meaning for equal", async () => {
        const ctx = contextOf("aws:s3/bucketPolicy:BucketPolicy");
        const inputs = { bucket: "b", policy: '{"Version":"1","Statement":[]}' };
        const olds = { inputs, outputs: { ...inputs, policy: '{ "Statement": [], "Version": "1" }' } };
        expect(await awsProvider.diff(ctx, "b", olds, inputs)).toMatchObject({ changed: false });
        const other = { ...inputs, policy: '{"Version":"2","Statement":[]}' };
        expect(await awsProvider.diff(ctx, "b", olds, other)).toMatchObject({ changed: true, replaces: [] });
    });
});
