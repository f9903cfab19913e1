/** Users and roles: who may do something. What they may is in their policies. */
import type { IAM, Role, User } from "@aws-sdk/client-iam";

import { NothingMadeError, type PropertyMap } from "../../../provider";
import { matches } from "../../schema/rules";
import type { Fields } from "../../schema/types";
import { hasName, orAbsent } from "../errors";
import { type AwsResource, defined, POLICY, sameTags, tagList, tagMap, tagOutputs, TAGS, textOf } from "../resource";

const LONGEST_NAME = 64;

const common: Fields = {
    name: {
        kind: "string",
        replaces: true,
        computed: true,
        rule: matches(/^[\w+=,.@-]{1,64}$/, "must be 1 to 64 letters, digits and _+=,.@-"),
    },
    path: { kind: "string", default: "/" },
    permissionsBoundary: { kind: "any", refused: "no server of one's own enforces it" },
    tags: TAGS,
};

/** The calls that differ between the two. */
interface Principal {
    word: "user" | "role";
    make(iam: IAM, name: string, inputs: PropertyMap): Promise<unknown>;
    find(iam: IAM, name: string): Promise<User | Role | undefined>;
    /** What is its own, beside tags. */
    update(iam: IAM, name: string, olds: PropertyMap, news: PropertyMap): Promise<void>;
    tag(iam: IAM, name: string, tags: { Key: string; Value: string }[]): Promise<unknown>;
    untag(iam: IAM, name: string, keys: string[]): Promise<unknown>;
    remove(iam: IAM, name: string): Promise<unknown>;
    outputs(found: User | Role, inputs: PropertyMap): PropertyMap;
}

function principal(fields: Fields, calls: Principal): AwsResource {
    const outputsOf = async (iam: IAM, name: string, inputs: PropertyMap): Promise<PropertyMap | undefined> => {
        const found = await calls.find(iam, name);
        return (
            found && {
                id: name,
                name,
                path: found.Path ?? "/",
                arn: found.Arn ?? "",
                ...calls.outputs(found, inputs),
                ...tagOutputs(tagMap(found.Tags)),
            }
        );
    };
    const expected = async (iam: IAM, name: string, inputs: PropertyMap): Promise<PropertyMap> => {
        const outputs = await outputsOf(iam, name, inputs);
        if (!outputs) throw new Error(`The ${calls.word} ${name} was removed while it was being made or changed.`);
        return outputs;
    };
    return {
        service: "iam",
        autoname: { property: "name", longest: LONGEST_NAME },
        fields: { ...common, ...fields },

        async create(clients, _ctx, inputs) {
            const iam = clients.iam();
            const name = inputs.name as string;
            try {
                await calls.make(iam, name, inputs);
            } catch (error) {
                if (!hasName(error, "EntityAlreadyExistsException")) throw error;
                throw new NothingMadeError(
                    `There is a ${calls.word} ${name} already. It was left as it is. Choose another name.`,
                    { cause: error },
                );
            }
            return { id: name, outputs: await expected(iam, name, inputs) };
        },

        async update(clients, _ctx, id, olds, news) {
            const iam = clients.iam();
            await calls.update(iam, id, olds.outputs, news);
            const wanted = tagList(news.tags);
            const kept = new Set(wanted.map(({ Key }) => Key));
            const gone = Object.keys((olds.outputs.tags ?? {}) as object).filter((tag) => !kept.has(tag));
            if (gone.length > 0) await calls.untag(iam, id, gone);
            if (wanted.length > 0) await calls.tag(iam, id, wanted);
            return expected(iam, id, news);
        },

        async read(clients, _ctx, id, olds) {
            const outputs = await outputsOf(clients.iam(), id, olds?.inputs ?? {});
            return outputs && { inputs: olds?.inputs ?? { name: id }, outputs };
        },

        async delete(clients, _ctx, id) {
            await orAbsent(calls.remove(clients.iam(), id));
        },

        /** The name was recorded before it was made, and its tags are made with it. */
        async recover(clients, _ctx, inputs) {
            const iam = clients.iam();
            const name = inputs.name as string;
            const outputs = await outputsOf(iam, name, inputs);
            return outputs && sameTags(outputs.tags, inputs.tags) ? { id: name, outputs } : undefined;
        },
    };
}

export const user = principal(
    { forceDestroy: { kind: "boolean" } },
    {
        word: "user",
        make: (iam, UserName, inputs) =>
            iam.createUser({ UserName, Path: textOf(inputs.path), Tags: tagList(inputs.tags) }),
        find: async (iam, UserName) => (await orAbsent(iam.getUser({ UserName })))?.User,
        async update(iam, UserName, olds, news) {
            const NewPath = textOf(news.path);
            if (NewPath !== olds.path) await iam.updateUser({ UserName, NewPath });
        },
        tag: (iam, UserName, Tags) => iam.tagUser({ UserName, Tags }),
        untag: (iam, UserName, TagKeys) => iam.untagUser({ UserName, TagKeys }),
        remove: (iam, UserName) => iam.deleteUser({ UserName }),
        outputs: (found, inputs) => ({
            uniqueId: (found as User).UserId ?? "",
            forceDestroy: inputs.forceDestroy === true,
        }),
    },
);

export const role = principal(
    {
        assumeRolePolicy: POLICY,
        description: { kind: "string" },
        path: { ...common.path!, replaces: true },
        forceDetachPolicies: { kind: "any", refused: "its policies are resources of their own" },
        inlinePolicies: { kind: "any", refused: "use RolePolicy" },
        managedPolicyArns: { kind: "any", refused: "use RolePolicy" },
        maxSessionDuration: { kind: "any", refused: "nobody but a service takes this role" },
    },
    {
        word: "role",
        make: (iam, RoleName, inputs) =>
            iam.createRole({
                RoleName,
                Path: textOf(inputs.path),
                Description: textOf(inputs.description),
                AssumeRolePolicyDocument: inputs.assumeRolePolicy as string,
                Tags: tagList(inputs.tags),
            }),
        find: async (iam, RoleName) => (await orAbsent(iam.getRole({ RoleName })))?.Role,
        async update(iam, RoleName, olds, news) {
            await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: news.assumeRolePolicy as string });
            const Description = textOf(news.description) ?? "";
            if (Description !== (olds.description ?? "")) await iam.updateRole({ RoleName, Description });
        },
        tag: (iam, RoleName, Tags) => iam.tagRole({ RoleName, Tags }),
        untag: (iam, RoleName, TagKeys) => iam.untagRole({ RoleName, TagKeys }),
        remove: (iam, RoleName) => iam.deleteRole({ RoleName }),
        outputs: (found) =>
            defined({
                uniqueId: (found as Role).RoleId,
                description: (found as Role).Description,
                assumeRolePolicy: decodeURIComponent((found as Role).AssumeRolePolicyDocument ?? ""),
            }),
    },
);
