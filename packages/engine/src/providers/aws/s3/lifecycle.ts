import type { LifecycleRule, TransitionStorageClass } from "@aws-sdk/client-s3";

import type { PropertyMap } from "../../../provider";
import { atLeast, oneOf } from "../../schema/rules";
import type { Fields, Property } from "../../schema/types";
import { defined, listOf, mapOf } from "../resource";
import { bucketSetting } from "./setting";

const days: Property = { kind: "integer", rule: atLeast(0) };
const storageClass: Property = { kind: "string", required: true };

const rule: Fields = {
    id: { kind: "string", required: true },
    status: { kind: "string", required: true, rule: oneOf("Enabled", "Disabled") },
    filter: {
        kind: "object",
        fields: {
            prefix: { kind: "string" },
            objectSizeGreaterThan: { kind: "integer", rule: atLeast(0) },
            objectSizeLessThan: { kind: "any", refused: "no rule of this program needs it" },
            and: { kind: "any", refused: "no rule of this program needs it" },
            tag: { kind: "any", refused: "no rule of this program needs it" },
        },
    },
    prefix: { kind: "any", refused: "use filter.prefix" },
    abortIncompleteMultipartUpload: { kind: "object", fields: { daysAfterInitiation: days } },
    expiration: {
        kind: "object",
        fields: {
            days,
            expiredObjectDeleteMarker: { kind: "boolean" },
            date: { kind: "any", refused: "use days" },
        },
    },
    noncurrentVersionExpiration: {
        kind: "object",
        fields: { noncurrentDays: days, newerNoncurrentVersions: { kind: "any", refused: "use noncurrentDays" } },
    },
    transitions: {
        kind: "set",
        of: { kind: "object", fields: { days, storageClass, date: { kind: "any", refused: "use days" } } },
    },
    noncurrentVersionTransitions: { kind: "any", refused: "no rule of this program needs it" },
};

export const lifecycle = bucketSetting({
    fields: {
        rules: { kind: "list", required: true, of: { kind: "object", fields: rule } },
        transitionDefaultMinimumObjectSize: {
            kind: "string",
            computed: true,
            rule: oneOf("all_storage_classes_128K", "varies_by_storage_class"),
        },
        timeouts: { kind: "any", refused: "the server answers at once" },
    },
    put: (s3, Bucket, inputs) =>
        s3.putBucketLifecycleConfiguration({
            Bucket,
            LifecycleConfiguration: { Rules: listOf(inputs.rules).map(toApi) },
        }),
    async get(s3, Bucket) {
        const { Rules } = await s3.getBucketLifecycleConfiguration({ Bucket });
        return { rules: (Rules ?? []).map(fromApi) };
    },
    remove: (s3, Bucket) => s3.deleteBucketLifecycle({ Bucket }),
});

function toApi(given: PropertyMap): LifecycleRule {
    const filter = mapOf(given.filter);
    const abort = mapOf(given.abortIncompleteMultipartUpload);
    const expiration = mapOf(given.expiration);
    const noncurrent = mapOf(given.noncurrentVersionExpiration);
    const transitions = listOf(given.transitions);
    const size = filter.objectSizeGreaterThan;
    return {
        ID: given.id as string,
        Status: given.status as "Enabled" | "Disabled",
        Filter:
            typeof size === "number" ? { ObjectSizeGreaterThan: size } : { Prefix: (filter.prefix ?? "") as string },
        ...(abort.daysAfterInitiation !== undefined && {
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort.daysAfterInitiation as number },
        }),
        ...(Object.keys(expiration).some((key) => key !== "__defaults") && {
            Expiration: {
                ...(typeof expiration.days === "number" && { Days: expiration.days }),
                ...(expiration.expiredObjectDeleteMarker === true && { ExpiredObjectDeleteMarker: true }),
            },
        }),
        ...(noncurrent.noncurrentDays !== undefined && {
            NoncurrentVersionExpiration: { NoncurrentDays: noncurrent.noncurrentDays as number },
        }),
        ...(transitions.length > 0 && {
            Transitions: transitions.map((transition) => ({
                Days: transition.days as number,
                StorageClass: transition.storageClass as TransitionStorageClass,
            })),
        }),
    };
}

function fromApi(found: LifecycleRule): PropertyMap {
    const {
        Filter,
        AbortIncompleteMultipartUpload: abort,
        Expiration,
        NoncurrentVersionExpiration: noncurrent,
    } = found;
    const part = (values: Parameters<typeof defined>[0]) => {
        const map = defined(values);
        return Object.keys(map).length > 0 ? map : undefined;
    };
    return defined({
        id: found.ID,
        status: found.Status,
        filter: part({ prefix: Filter?.Prefix || undefined, objectSizeGreaterThan: Filter?.ObjectSizeGreaterThan }),
        abortIncompleteMultipartUpload: part({ daysAfterInitiation: abort?.DaysAfterInitiation }),
        expiration: part({
            days: Expiration?.Days,
            expiredObjectDeleteMarker: Expiration?.ExpiredObjectDeleteMarker || undefined,
        }),
        noncurrentVersionExpiration: part({ noncurrentDays: noncurrent?.NoncurrentDays }),
        transitions: found.Transitions?.map(({ Days, StorageClass }) =>
            defined({ days: Days, storageClass: StorageClass }),
        ),
    });
}
