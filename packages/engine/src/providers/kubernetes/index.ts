import type { Provider } from "../../provider";
import { checkObject } from "./check";
import { openConnections } from "./connection";
import { diffObject } from "./diff";
import { createObject, readObject, updateObject } from "./lifecycle";
import { recoverObject } from "./recover";
import { deleteObject } from "./remove";
import { settleServices } from "./settle";
import { refusal } from "./type";

/**
 * The kubernetes package on the API server of a cluster, for every kind that the cluster has: by server-side apply, and waiting for what
 * was made to become ready. States are those of `@pulumi/kubernetes`. It is stricter where the real one is silent: fields that the cluster
 * does not know are refused, and so are changes that others have made.
 */
export const kubernetesProvider: Provider = {
    name: "kubernetes",
    version: "4.34.2",
    types: [],
    refuses: refusal,
    nestedOutputs: true,
    secretOutputs: { "kubernetes:core/v1:Secret": ["data", "stringData"] },

    check: checkObject,
    diff: (ctx, _id, olds, news) => diffObject(ctx, olds, news),
    create: createObject,
    update: updateObject,
    delete: deleteObject,
    read: readObject,
    recover: recoverObject,

    async settle(signal) {
        const all = await Promise.all(openConnections().map((connection) => settleServices(connection, signal)));
        return all.flat();
    },
};
