/** What a stack's objects are of that not every cluster has: told before anything is made, rather than when half of it is. */
import type { StackConfig } from "../../../../config/types";
import { checkCloudNativePg } from "../doctor/cloudnative-pg";
import { checkExternalSecrets } from "../doctor/external-secrets";
import type { Finding } from "../doctor/types";
import { FailedError } from "../errors";
import type { Cluster } from "../kubernetes/client";
import { isForbidden } from "../kubernetes/errors";

type Check = (cluster: Cluster) => Promise<Finding>;

/**
 * @param reach the stack's cluster; undefined: it does not answer, and need not
 * @throws FailedError with all that is missing and how to get it
 */
export async function expectPrerequisites(
    { target, stores, kubernetes }: Pick<StackConfig, "target" | "stores" | "kubernetes">,
    reach: () => Promise<Cluster | undefined>,
): Promise<void> {
    if (target !== "kubernetes") return;
    const { postgres } = stores;
    const { externalSecrets } = kubernetes;
    const checks: Check[] = [
        ...(postgres.mode === "operator"
            ? [(cluster: Cluster) => checkCloudNativePg(cluster, postgres.operatorNamespace)]
            : []),
        ...(externalSecrets ? [(cluster: Cluster) => checkExternalSecrets(cluster, externalSecrets.store)] : []),
    ];
    if (checks.length === 0) return;
    const cluster = await reach();
    if (cluster === undefined) return;
    const findings = await Promise.all(checks.map((check) => unlessForbidden(() => check(cluster))));
    const missing = findings.filter((finding): finding is Finding => finding?.status === "missing");
    if (missing.length === 0) return;
    throw new FailedError(
        `${missing.map(({ name, found }) => `${name.trim()}: ${found}.`).join("\n")}\nNothing was changed.`,
        missing.map(({ remedy }) => remedy).join("\n"),
    );
}

/** Who may not look finds out when it is made. */
async function unlessForbidden(check: () => Promise<Finding>): Promise<Finding | undefined> {
    try {
        return await check();
    } catch (error) {
        if (!isForbidden(error)) throw error;
        return undefined;
    }
}
