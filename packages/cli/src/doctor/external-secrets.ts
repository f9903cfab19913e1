/** Whether a cluster has what a stack's secrets come from: External Secrets, and the store that the stack names. */
import type { Cluster } from "../kubernetes/client";
import { found } from "../kubernetes/errors";
import { type Finding, missing, ok, warning } from "./types";

const GROUP = "external-secrets.io";
const NAME = "  external secrets";

export interface StoreName {
    name?: string;
    kind?: string;
}

interface Store {
    status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** @param store what `groundwork:kubernetes.externalSecrets.store` says */
export async function checkExternalSecrets({ custom }: Pick<Cluster, "custom">, store: StoreName): Promise<Finding> {
    const at = { group: GROUP, version: "v1" };
    if (!(await found(() => custom.listClusterCustomObject({ ...at, plural: "externalsecrets", limit: 1 })))) {
        return missing(
            NAME,
            `the cluster has no ExternalSecret in ${GROUP}/v1`,
            "Install External Secrets 0.16 or newer, or take groundwork:kubernetes.externalSecrets out of the stack's file.",
        );
    }
    const { name = "", kind = "ClusterSecretStore" } = store;
    // A store in the stack's own namespace comes with it: before the first `up` there is neither.
    if (kind === "SecretStore") return ok(NAME, `${GROUP}/v1 is there; ${name} is looked for in the stack's namespace`);
    const live = await found(() => custom.getClusterCustomObject({ ...at, plural: "clustersecretstores", name }));
    if (!live) return missing(NAME, `there is no ClusterSecretStore ${name}`, "Make it, or name another one.");
    const ready = (live as Store).status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status === "True") return ok(NAME, `the ClusterSecretStore ${name} is ready`);
    return warning(
        NAME,
        `the ClusterSecretStore ${name} is not ready: ${ready?.message ?? "nothing says why"}`,
        "Until it is, no pod with secrets starts.",
    );
}
