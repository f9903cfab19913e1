import type { AccessKeyMetadata, IAM, StatusType } from "@aws-sdk/client-iam";

import type { PropertyMap } from "../../../provider";
import { oneOf } from "../../schema/rules";
import { orAbsent } from "../errors";
import { type AwsResource, defined, textOf } from "../resource";

export const accessKey: AwsResource = {
    service: "iam",
    fields: {
        user: { kind: "string", required: true, replaces: true },
        status: { kind: "string", default: "Active", rule: oneOf("Active", "Inactive") },
        pgpKey: { kind: "any", refused: "the state holds the secret encrypted already" },
    },
    /** A user may have two, so that the new one is in use before the old one goes. */
    deleteBeforeReplace: false,

    async create(clients, _ctx, inputs) {
        const iam = clients.iam();
        const UserName = inputs.user as string;
        const { AccessKey: made } = await iam.createAccessKey({ UserName });
        const id = made!.AccessKeyId!;
        await setStatus(iam, UserName, id, inputs);
        return {
            id,
            outputs: {
                ...outputsOf({ ...made, Status: inputs.status as StatusType }, UserName),
                secret: made!.SecretAccessKey!,
            },
        };
    },

    async update(clients, _ctx, id, olds, news) {
        await setStatus(clients.iam(), news.user as string, id, news);
        return { ...olds.outputs, status: news.status! };
    },

    /** AWS tells a key's secret once, when it makes it: it is the state's from then on. */
    async read(clients, _ctx, id, olds) {
        const UserName = textOf(olds?.outputs.user);
        if (UserName === undefined || !olds) return undefined;
        const found = (await keysOf(clients.iam(), UserName)).find(({ AccessKeyId }) => AccessKeyId === id);
        return found && { inputs: olds.inputs, outputs: { ...olds.outputs, ...outputsOf(found, UserName) } };
    },

    async delete(clients, _ctx, id, olds) {
        const UserName = olds.outputs.user as string;
        await orAbsent(clients.iam().deleteAccessKey({ UserName, AccessKeyId: id }));
    },

    /** A key whose secret nobody received is of no use, but which of a user's keys that is cannot be told: none is removed. */
    async recover(clients, ctx, inputs) {
        const UserName = inputs.user as string;
        const keys = await keysOf(clients.iam(), UserName);
        if (keys.length > 0) {
            const ids = keys.map(({ AccessKeyId }) => AccessKeyId).join(", ");
            ctx.log(
                `The user ${UserName} has the access keys ${ids}. If one of them is of a run that was broken off, remove it: a user may have two.`,
                "warning",
            );
        }
        return undefined;
    },
};

async function setStatus(iam: IAM, UserName: string, AccessKeyId: string, inputs: PropertyMap): Promise<void> {
    await iam.updateAccessKey({ UserName, AccessKeyId, Status: inputs.status as StatusType });
}

async function keysOf(iam: IAM, UserName: string): Promise<AccessKeyMetadata[]> {
    return (await orAbsent(iam.listAccessKeys({ UserName })))?.AccessKeyMetadata ?? [];
}

function outputsOf(found: AccessKeyMetadata, user: string): PropertyMap {
    return defined({
        id: found.AccessKeyId,
        user,
        status: found.Status,
        createDate: found.CreateDate?.toISOString(),
    });
}
