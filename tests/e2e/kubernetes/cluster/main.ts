/**
 * The tests' cluster for people: `npx tsx tests/e2e/kubernetes/cluster/main.ts build|up|down|status`. Exit code 2: something must be
 * installed first; of `status` 1: it does not run.
 */
import { ensureOperators } from "./binaries";
import { buildCluster, ClusterUnavailableError, ensureCluster, stopCluster } from "./cluster";
import { findForeign } from "./foreign";
import { PATHS, STATE } from "./layout";
import { COMPONENTS } from "./lifecycle";
import { pidOf, residentBytes } from "./processes";

/** Without starting it. */
async function build(): Promise<void> {
    await buildCluster();
    await ensureOperators(console.log);
    console.log("everything is built that the cluster is made of, and the operators that tests run on it");
}

async function up(): Promise<void> {
    const cluster = await ensureCluster();
    console.log(`${cluster.ours ? "our own cluster" : "the cluster of KUBECONFIG"} is ready`);
    console.log(`network policies are ${cluster.networkPolicies ? "" : "not "}enforced`);
    console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
}

async function down(): Promise<void> {
    await stopCluster();
    console.log(`stopped; images, certificates and logs stay in ${STATE}`);
}

async function status(): Promise<void> {
    const foreign = await findForeign(console.error);
    if (foreign) {
        console.log(`the cluster of KUBECONFIG answers: ${foreign.context}, ${foreign.nodeAddress}`);
        return;
    }
    let total = 0;
    for (const name of COMPONENTS) {
        const pid = pidOf(name);
        const bytes = residentBytes(name) ?? 0;
        total += bytes;
        console.log(`${name.padEnd(25)}${pid === undefined ? "does not run" : `pid ${pid}, ${mib(bytes)}`}`);
    }
    console.log(`${"in all".padEnd(25)}${mib(total)}; logs are in ${PATHS.logs}, KUBECONFIG=${PATHS.kubeconfig}`);
    if (COMPONENTS.some((name) => pidOf(name) === undefined)) process.exitCode = 1;
}

function mib(bytes: number): string {
    return `${Math.round(bytes / (1 << 20))} MiB`;
}

const commands: Record<string, () => Promise<void>> = { build, up, down, status };
const command = commands[process.argv[2] ?? ""];
if (!command) {
    console.error("usage: main.ts build|up|down|status");
    process.exit(2);
}
command().catch((error: Error) => {
    console.error(error.message);
    process.exit(error instanceof ClusterUnavailableError ? 2 : 1);
});
