/** Whether a cluster has what a stack's Postgres is run by: CloudNativePG, in the namespace that the stack's network policies let in. */
import type { Cluster } from "../kubernetes/client";
import { found, isForbidden } from "../kubernetes/errors";
import { type Finding, missing, ok, warning } from "./types";

const GROUP = "postgresql.cnpg.io";
const NAME = "  cloudnative-pg";
const INSTEAD = "or take stores.postgres.mode out of the stack's file.";

interface Definition {
    spec: { versions: { schema?: { openAPIV3Schema?: { properties?: { spec?: { properties?: object } } } } }[] };
}

/** @param namespace what `groundwork:stores.postgres.operatorNamespace` says */
export async function checkCloudNativePg(
    cluster: Pick<Cluster, "custom" | "core">,
    namespace = "cnpg-system",
): Promise<Finding> {
    const { custom } = cluster;
    const api = await found(() => custom.getAPIResources({ group: GROUP, version: "v1" }));
    if (api?.resources.some(({ kind }) => kind === "Cluster") !== true) {
        return missing(
            NAME,
            `the cluster has no Cluster in ${GROUP}/v1`,
            `Install CloudNativePG 1.26 or newer, ${INSTEAD}`,
        );
    }
    if (!(await hasExtensions(cluster))) {
        return missing(
            NAME,
            `${GROUP}/v1 is there, without extensions in a Database`,
            `Upgrade CloudNativePG to 1.26 or newer, ${INSTEAD}`,
        );
    }
    const { items } = await cluster.core.listNamespacedPod({
        namespace,
        labelSelector: "app.kubernetes.io/name=cloudnative-pg",
    });
    const isReady = items.some(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    if (isReady) return ok(NAME, `${GROUP}/v1 is there, and the operator is ready in ${namespace}`);
    return warning(
        NAME,
        `${GROUP}/v1 is there, but no operator that is ready in ${namespace}`,
        "Start it, or say with groundwork:stores.postgres.operatorNamespace where it is: network policies let it in from there alone.",
    );
}

/** The first version whose Database has them is the oldest that a stack can use. Who may not look is not kept from trying. */
async function hasExtensions({ custom }: Pick<Cluster, "custom">): Promise<boolean> {
    try {
        const definition = await found(() =>
            custom.getClusterCustomObject({
                group: "apiextensions.k8s.io",
                version: "v1",
                plural: "customresourcedefinitions",
                name: `databases.${GROUP}`,
            }),
        );
        const versions = (definition as Definition | undefined)?.spec.versions ?? [];
        return versions.some(
            ({ schema }) => "extensions" in (schema?.openAPIV3Schema?.properties?.spec?.properties ?? {}),
        );
    } catch (error) {
        if (isForbidden(error)) return true;
        throw error;
    }
}
