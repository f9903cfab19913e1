import type { ReplicationRule } from "@aws-sdk/client-s3";

import type { PropertyMap } from "../../../provider";
import { oneOf } from "../../schema/rules";
import type { Property } from "../../schema/types";
import { defined, listOf, mapOf, textOf } from "../resource";
import { bucketSetting } from "./setting";

const status: Property = { kind: "string", required: true, rule: oneOf("Enabled", "Disabled") };
const switched: Property = { kind: "object", fields: { status } };
const minutes: Property = { kind: "object", fields: { minutes: { kind: "integer" } } };
const unneeded = (kind: Property["kind"] = "any"): Property => ({ kind, refused: "no rule of this program needs it" });

export const replication = bucketSetting({
    fields: {
        role: { kind: "string", required: true },
        token: { kind: "any", refused: "AWS gives one out to buckets that were made without a lock", secret: true },
        rules: {
            kind: "list",
            required: true,
            of: {
                kind: "object",
                fields: {
                    id: { kind: "string" },
                    priority: { kind: "integer" },
                    status,
                    filter: {
                        kind: "object",
                        fields: { prefix: { kind: "string" }, and: unneeded(), tag: unneeded() },
                    },
                    prefix: unneeded(),
                    deleteMarkerReplication: switched,
                    existingObjectReplication: unneeded(),
                    sourceSelectionCriteria: {
                        kind: "object",
                        fields: { sseKmsEncryptedObjects: switched, replicaModifications: unneeded() },
                    },
                    destination: {
                        kind: "object",
                        required: true,
                        fields: {
                            bucket: { kind: "string", required: true },
                            storageClass: { kind: "string" },
                            encryptionConfiguration: {
                                kind: "object",
                                fields: { replicaKmsKeyId: { kind: "string", required: true } },
                            },
                            replicationTime: { kind: "object", fields: { status, time: minutes } },
                            metrics: { kind: "object", fields: { status, eventThreshold: minutes } },
                            account: unneeded(),
                            accessControlTranslation: unneeded(),
                        },
                    },
                },
            },
        },
    },
    put: (s3, Bucket, inputs) =>
        s3.putBucketReplication({
            Bucket,
            ReplicationConfiguration: { Role: inputs.role as string, Rules: listOf(inputs.rules).map(toApi) },
        }),
    async get(s3, Bucket) {
        const { ReplicationConfiguration: found } = await s3.getBucketReplication({ Bucket });
        return found && { role: found.Role ?? "", rules: (found.Rules ?? []).map(fromApi) };
    },
    remove: (s3, Bucket) => s3.deleteBucketReplication({ Bucket }),
});

type OnOff = "Enabled" | "Disabled";

function toApi(rule: PropertyMap): ReplicationRule {
    const onOff = (value: PropertyMap[string] | undefined) => textOf(mapOf(value).status) as OnOff | undefined;
    const to = mapOf(rule.destination);
    const deletes = onOff(rule.deleteMarkerReplication);
    const encrypted = onOff(mapOf(rule.sourceSelectionCriteria).sseKmsEncryptedObjects);
    const key = textOf(mapOf(to.encryptionConfiguration).replicaKmsKeyId);
    const time = onOff(to.replicationTime);
    const metrics = onOff(to.metrics);
    const after = (value: PropertyMap[string] | undefined) => ({ Minutes: mapOf(value).minutes as number });
    return {
        ID: textOf(rule.id),
        ...(typeof rule.priority === "number" && { Priority: rule.priority }),
        Status: rule.status as OnOff,
        Filter: { Prefix: (mapOf(rule.filter).prefix ?? "") as string },
        ...(deletes && { DeleteMarkerReplication: { Status: deletes } }),
        ...(encrypted && { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: encrypted } } }),
        Destination: {
            Bucket: to.bucket as string,
            ...(textOf(to.storageClass) && { StorageClass: textOf(to.storageClass) as "STANDARD_IA" }),
            ...(key && { EncryptionConfiguration: { ReplicaKmsKeyID: key } }),
            ...(time && { ReplicationTime: { Status: time, Time: after(mapOf(to.replicationTime).time) } }),
            ...(metrics && { Metrics: { Status: metrics, EventThreshold: after(mapOf(to.metrics).eventThreshold) } }),
        },
    };
}

function fromApi(rule: ReplicationRule): PropertyMap {
    const to = rule.Destination;
    const on = (found: { Status?: OnOff } | undefined) => found?.Status && { status: found.Status };
    const encrypted = on(rule.SourceSelectionCriteria?.SseKmsEncryptedObjects);
    const key = to?.EncryptionConfiguration?.ReplicaKmsKeyID;
    const time = to?.ReplicationTime;
    const metrics = to?.Metrics;
    return defined({
        id: rule.ID,
        priority: rule.Priority,
        status: rule.Status,
        filter: rule.Filter?.Prefix ? { prefix: rule.Filter.Prefix } : undefined,
        deleteMarkerReplication: on(rule.DeleteMarkerReplication),
        sourceSelectionCriteria: encrypted && { sseKmsEncryptedObjects: encrypted },
        destination: defined({
            bucket: to?.Bucket,
            storageClass: to?.StorageClass,
            encryptionConfiguration: key === undefined ? undefined : { replicaKmsKeyId: key },
            replicationTime: time?.Status && { status: time.Status, time: { minutes: time.Time?.Minutes ?? 0 } },
            metrics: metrics?.Status && {
                status: metrics.Status,
                eventThreshold: { minutes: metrics.EventThreshold?.Minutes ?? 0 },
            },
        }),
    });
}
