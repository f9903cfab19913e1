/** From what a stack's configuration says to the runtime that it runs on. Only the one that is asked for is loaded. */
import type { StackConfig } from "../../../../config/types";
import { reachDocker } from "../docker/client";
import type { Runtime } from "./runtime";

/** As in the stack's configuration, as far as it is known. */
export interface Place {
    target: StackConfig["target"];
    docker: Pick<StackConfig["docker"], "host">;
    kubernetes: Pick<StackConfig["kubernetes"], "context" | "namespace" | "storageClass" | "sharedStorageClass"> & {
        externalSecrets?: { store?: { name?: string; kind?: string } };
    };
    stores: { postgres?: { mode?: string; operatorNamespace?: string } };
}

/** @throws FailedError with what to do when the engine or the cluster does not answer */
export async function openRuntime(stack: string, place: Place): Promise<Runtime> {
    if (place.target === "docker") {
        const host = await reachDocker(place.docker.host);
        const { DockerRuntime } = await import("../docker/runtime.js");
        return new DockerRuntime(host, stack);
    }
    const [{ reachCluster }, { KubernetesRuntime }] = await Promise.all([
        import("../kubernetes/client.js"),
        import("../kubernetes/runtime.js"),
    ]);
    const { context, namespace } = place.kubernetes;
    return new KubernetesRuntime(await reachCluster(context), stack, namespace ?? namespaceOf(stack));
}

/** Where a stack is unless its configuration says otherwise: its prefix, as in `index.ts`. */
function namespaceOf(stack: string): string {
    return `gw-${stack}`;
}
