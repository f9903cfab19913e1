import type { ObjectIdentifier, S3 } from "@aws-sdk/client-s3";

import type { ProviderContext } from "../../../provider";

/** Removes every version of every object: what `forceDestroy` asks for. @throws Error naming the first that stays */
export async function empty(s3: S3, Bucket: string, ctx: ProviderContext): Promise<void> {
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    let removed = 0;
    do {
        ctx.signal.throwIfAborted();
        const page = await s3.listObjectVersions({ Bucket, KeyMarker, VersionIdMarker });
        const Objects: ObjectIdentifier[] = [...(page.DeleteMarkers ?? []), ...(page.Versions ?? [])].map(
            ({ Key, VersionId }) => ({ Key: Key!, VersionId }),
        );
        if (Objects.length > 0) {
            const { Errors } = await s3.deleteObjects({
                Bucket,
                Delete: { Objects, Quiet: true },
                // What is locked in governance mode may go with those who may say so; a compliance lock nobody breaks.
                BypassGovernanceRetention: true,
            });
            const [first] = Errors ?? [];
            if (first) {
                throw new Error(
                    `The object ${first.Key} in the bucket ${Bucket} cannot be removed: ${first.Code}: ${first.Message}.`,
                );
            }
            removed += Objects.length;
            ctx.log(`removed ${removed} versions of objects`);
        }
        KeyMarker = page.NextKeyMarker;
        VersionIdMarker = page.NextVersionIdMarker;
    } while (KeyMarker !== undefined && KeyMarker !== "");
}
