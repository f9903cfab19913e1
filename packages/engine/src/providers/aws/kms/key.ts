import type { KeyMetadata, KMS, Tag } from "@aws-sdk/client-kms";

import type { PropertyMap } from "../../../provider";
import { atLeast } from "../../schema/rules";
import type { Clients } from "../client";
import { hasName, orAbsent } from "../errors";
import { type AwsResource, type Made, REGION, sameJson, sameTags, tagOutputs, TAGS, textOf } from "../resource";

/** As the real provider's: the longest that AWS allows, because a key that is gone takes all that it encrypted with it. */
const DELETION_WINDOW_DAYS = 30;

/** The name of a key's one policy. */
const POLICY_NAME = "default";

export const key: AwsResource = {
    service: "kms",
    fields: {
        description: { kind: "string", computed: true },
        deletionWindowInDays: { kind: "integer", rule: atLeast(7) },
        enableKeyRotation: { kind: "boolean" },
        rotationPeriodInDays: { kind: "integer", computed: true, rule: atLeast(90) },
        policy: { kind: "string", computed: true, same: sameJson },
        isEnabled: { kind: "any", refused: "a key that is off is of no use to a bucket" },
        multiRegion: { kind: "any", refused: "each region has a key of its own" },
        region: REGION,
        tags: TAGS,
        bypassPolicyLockoutSafetyCheck: { kind: "any", refused: "nobody may lock themselves out" },
        customKeyStoreId: { kind: "any", refused: "no server of one's own has one" },
        customerMasterKeySpec: { kind: "any", refused: "a bucket takes symmetric keys only" },
        keyUsage: { kind: "any", refused: "a bucket takes keys that encrypt only" },
        xksKeyId: { kind: "any", refused: "no server of one's own has one" },
    },
    deleteBeforeReplace: false,

    async create(clients, _ctx, inputs) {
        const kms = clients.kms(textOf(inputs.region));
        const { KeyMetadata } = await kms.createKey({
            Description: textOf(inputs.description),
            ...(textOf(inputs.policy) && { Policy: textOf(inputs.policy) }),
            Tags: Object.entries((inputs.tags ?? {}) as Record<string, string>).map(([TagKey, TagValue]) => ({
                TagKey,
                TagValue,
            })),
        });
        return finish(clients, kms, KeyMetadata!.KeyId!, inputs);
    },

    async update(clients, _ctx, id, olds, news) {
        const kms = clients.kms(textOf(olds.outputs.region));
        if (olds.outputs.description !== news.description)
            await kms.updateKeyDescription({ KeyId: id, Description: textOf(news.description) ?? "" });
        const policy = textOf(news.policy);
        if (policy && sameJson(policy) !== sameJson(olds.outputs.policy ?? ""))
            await kms.putKeyPolicy({ KeyId: id, PolicyName: POLICY_NAME, Policy: policy });
        const before = Object.keys((olds.outputs.tags ?? {}) as object);
        const wanted = (news.tags ?? {}) as Record<string, string>;
        const gone = before.filter((name) => !(name in wanted));
        if (gone.length > 0) await kms.untagResource({ KeyId: id, TagKeys: gone });
        const Tags: Tag[] = Object.entries(wanted).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
        if (Tags.length > 0) await kms.tagResource({ KeyId: id, Tags });
        return (await finish(clients, kms, id, news)).outputs;
    },

    async read(clients, _ctx, id, olds) {
        const inputs = olds?.inputs ?? {};
        const kms = clients.kms(textOf(olds?.outputs.region));
        const found = await usable(kms, id);
        return found && { inputs, outputs: await outputsOf(clients, kms, found, inputs) };
    },

    /** Nobody can remove a key at once: it is off now, and gone when the window has passed. */
    async delete(clients, _ctx, id, olds) {
        const kms = clients.kms(textOf(olds.outputs.region));
        const days = (olds.inputs.deletionWindowInDays as number | undefined) ?? DELETION_WINDOW_DAYS;
        try {
            await orAbsent(kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: days }));
        } catch (error) {
            if (!hasName(error, "KMSInvalidStateException")) throw error;
        }
    },

    /** A key has no name: one with this description and these tags is this one's, because they hold the stack's. */
    async recover(clients, _ctx, inputs) {
        const kms = clients.kms(textOf(inputs.region));
        const { Keys = [] } = await kms.listKeys({ Limit: 1000 });
        for (const { KeyId } of Keys) {
            const found = await usable(kms, KeyId!);
            const same = found?.Description === (textOf(inputs.description) ?? "");
            if (same && sameTags(await tagsOf(kms, KeyId!), inputs.tags)) return finish(clients, kms, KeyId!, inputs);
        }
        return undefined;
    },
};

async function finish(clients: Clients, kms: KMS, KeyId: string, inputs: PropertyMap): Promise<Made> {
    const period = inputs.rotationPeriodInDays as number | undefined;
    await (inputs.enableKeyRotation === true
        ? kms.enableKeyRotation({ KeyId, ...(period !== undefined && { RotationPeriodInDays: period }) })
        : kms.disableKeyRotation({ KeyId }));
    const found = await usable(kms, KeyId);
    if (!found) throw new Error(`The key ${KeyId} was removed while it was being made.`);
    return { id: KeyId, outputs: await outputsOf(clients, kms, found, inputs) };
}

/** Undefined: it is gone, or about to be. */
async function usable(kms: KMS, KeyId: string): Promise<KeyMetadata | undefined> {
    const found = (await orAbsent(kms.describeKey({ KeyId })))?.KeyMetadata;
    return found?.KeyState === "PendingDeletion" ? undefined : found;
}

async function tagsOf(kms: KMS, KeyId: string): Promise<Record<string, string>> {
    const { Tags = [] } = await kms.listResourceTags({ KeyId });
    return Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey!, TagValue!]));
}

async function outputsOf(clients: Clients, kms: KMS, found: KeyMetadata, inputs: PropertyMap): Promise<PropertyMap> {
    const KeyId = found.KeyId!;
    const rotation = await kms.getKeyRotationStatus({ KeyId });
    const { Policy } = await kms.getKeyPolicy({ KeyId, PolicyName: POLICY_NAME });
    return {
        id: KeyId,
        keyId: KeyId,
        arn: found.Arn ?? "",
        region: textOf(inputs.region) ?? clients.region,
        description: found.Description ?? "",
        isEnabled: found.Enabled === true,
        keyUsage: found.KeyUsage ?? "",
        customerMasterKeySpec: found.KeySpec ?? "",
        multiRegion: found.MultiRegion === true,
        enableKeyRotation: rotation.KeyRotationEnabled === true,
        rotationPeriodInDays:
            rotation.RotationPeriodInDays ?? (inputs.rotationPeriodInDays as number | undefined) ?? 365,
        ...(inputs.deletionWindowInDays !== undefined && { deletionWindowInDays: inputs.deletionWindowInDays }),
        policy: Policy ?? "",
        ...tagOutputs(await tagsOf(kms, KeyId)),
    };
}
