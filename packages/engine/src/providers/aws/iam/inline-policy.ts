/** A policy that belongs to one user or role. */
import type { IAM } from "@aws-sdk/client-iam";

import type { PropertyMap } from "../../../provider";
import { orAbsent } from "../errors";
import { type AwsResource, POLICY } from "../resource";

const LONGEST_NAME = 128;

interface Calls {
    put(iam: IAM, owner: string, name: string, policy: string): Promise<unknown>;
    /** As IAM gives it: encoded as in a URL. */
    get(iam: IAM, owner: string, name: string): Promise<string | undefined>;
    remove(iam: IAM, owner: string, name: string): Promise<unknown>;
}

/** @param owner the property that names whose it is. The id is `<owner>:<name>`, as the real provider's */
function inlinePolicy(owner: "user" | "role", calls: Calls): AwsResource {
    const put = async (iam: IAM, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }> => {
        const whose = inputs[owner] as string;
        const name = inputs.name as string;
        await calls.put(iam, whose, name, inputs.policy as string);
        const id = `${whose}:${name}`;
        return { id, outputs: { id, name, [owner]: whose, policy: inputs.policy! } };
    };
    return {
        service: "iam",
        autoname: { property: "name", longest: LONGEST_NAME },
        fields: {
            [owner]: { kind: "string", required: true, replaces: true },
            name: { kind: "string", replaces: true, computed: true },
            namePrefix: { kind: "any", refused: "use name, or leave it out for a name of the engine's making" },
            policy: POLICY,
        },
        create: (clients, _ctx, inputs) => put(clients.iam(), inputs),
        recover: (clients, _ctx, inputs) => put(clients.iam(), inputs),
        update: async (clients, _ctx, _id, _olds, news) => (await put(clients.iam(), news)).outputs,
        async read(clients, _ctx, id, olds) {
            const [whose, name] = split(id);
            const found = await orAbsent(calls.get(clients.iam(), whose, name));
            if (found === undefined) return undefined;
            const outputs = { id, name, [owner]: whose, policy: decodeURIComponent(found) };
            return { inputs: olds?.inputs ?? { name, [owner]: whose, policy: outputs.policy }, outputs };
        },
        async delete(clients, _ctx, id) {
            await orAbsent(calls.remove(clients.iam(), ...split(id)));
        },
    };
}

function split(id: string): [string, string] {
    const at = id.indexOf(":");
    return [id.slice(0, at), id.slice(at + 1)];
}

export const userPolicy = inlinePolicy("user", {
    put: (iam, UserName, PolicyName, PolicyDocument) => iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
    get: async (iam, UserName, PolicyName) => (await iam.getUserPolicy({ UserName, PolicyName })).PolicyDocument,
    remove: (iam, UserName, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
});

export const rolePolicy = inlinePolicy("role", {
    put: (iam, RoleName, PolicyName, PolicyDocument) => iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument }),
    get: async (iam, RoleName, PolicyName) => (await iam.getRolePolicy({ RoleName, PolicyName })).PolicyDocument,
    remove: (iam, RoleName, PolicyName) => iam.deleteRolePolicy({ RoleName, PolicyName }),
});
