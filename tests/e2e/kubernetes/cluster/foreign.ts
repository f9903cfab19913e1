/** The cluster that KUBECONFIG names. */
import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";

import { PATHS } from "./layout";
import { run, type Say, succeeds } from "./shell";

export interface ForeignCluster {
    kubeconfig: string;
    context: string;
    nodeAddress: string;
}

/** The cluster of KUBECONFIG; undefined when it names none, only our own, or one that does not answer. */
export async function findForeign(say: Say): Promise<ForeignCluster | undefined> {
    const kubeconfig = process.env["KUBECONFIG"]?.split(delimiter).find(Boolean);
    if (kubeconfig === undefined || resolve(kubeconfig) === PATHS.kubeconfig) return undefined;
    const options = ["--kubeconfig", kubeconfig, "--request-timeout", "10s"];
    if (!existsSync(kubeconfig) || !(await succeeds("kubectl", [...options, "get", "--raw", "/readyz"]))) {
        say(`cluster: that of KUBECONFIG (${kubeconfig}) does not answer; using one of our own`);
        return undefined;
    }
    const path = `jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}`;
    return {
        kubeconfig: resolve(kubeconfig),
        context: (await run("kubectl", [...options, "config", "current-context"])).trim(),
        nodeAddress: (await run("kubectl", [...options, "get", "nodes", "-o", path])).split(" ")[0]!,
    };
}

/** Brings images to the nodes of clusters that run in Docker. @throws Error for others, saying what to do */
export async function loadIntoForeign({ context }: ForeignCluster, refs: string[]): Promise<void> {
    const [, tool, name] = /^(kind|k3d)-(.+)$/.exec(context) ?? [];
    if (tool === "kind") await run("kind", ["load", "docker-image", ...refs, "--name", name!]);
    else if (tool === "k3d") await run("k3d", ["image", "import", ...refs, "--cluster", name!]);
    else {
        throw new Error(
            `cannot bring ${refs.join(", ")} to the nodes of ${context}: only those of kind and k3d can be reached. ` +
                "Use one of these, or unset KUBECONFIG for a cluster of our own.",
        );
    }
}
