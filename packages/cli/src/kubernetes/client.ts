/** The way to a stack's cluster: the kubeconfig that kubectl would use. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { FailedError } from "../errors";
import { isForbidden, noAnswer, sayingOf, statusOf } from "./errors";
import { requestsOf } from "./requests";
import type {
    AppsV1Api,
    BatchV1Api,
    ClientModule,
    CoreV1Api,
    CustomObjectsApi,
    KubeConfig,
    NetworkingV1Api,
    StorageV1Api,
    VersionInfo,
} from "./types";

/** Where a pod finds the token of its service account. */
const IN_CLUSTER = "/var/run/secrets/kubernetes.io/serviceaccount/token";

const HOW =
    "Set KUBECONFIG to the path of the cluster's kubeconfig, or put it at ~/.kube/config; groundwork:kubernetes.context chooses one of its contexts.";

export interface Cluster {
    client: ClientModule;
    config: KubeConfig;
    core: CoreV1Api;
    apps: AppsV1Api;
    batch: BatchV1Api;
    custom: CustomObjectsApi;
    networking: NetworkingV1Api;
    storage: StorageV1Api;
    version: VersionInfo;
    /** e.g. `https://10.0.0.1:6443`. */
    server: string;
    context: string;
}

/**
 * A cluster that answers.
 * @param context of the kubeconfig; absent: its current one
 * @throws FailedError with what to do when there is none, or it does not answer
 */
export async function reachCluster(context: string | undefined): Promise<Cluster> {
    // Loaded when it is needed: it takes longer than all the rest of gw.
    const client = await import("@kubernetes/client-node");
    const config = readKubeconfig(client, context);
    const { server } = config.getCurrentCluster()!;
    const settings = client.createConfiguration({
        baseServer: new client.ServerConfiguration(server, {}),
        authMethods: { default: config },
        httpApi: requestsOf(client),
    });
    let version: VersionInfo;
    try {
        version = await new client.VersionApi(settings).getCode();
    } catch (error) {
        throw unreachable(server, config.currentContext, error);
    }
    return {
        client,
        config,
        core: new client.CoreV1Api(settings),
        apps: new client.AppsV1Api(settings),
        batch: new client.BatchV1Api(settings),
        custom: new client.CustomObjectsApi(settings),
        networking: new client.NetworkingV1Api(settings),
        storage: new client.StorageV1Api(settings),
        version,
        server,
        context: config.currentContext,
    };
}

/** @throws FailedError when there is no kubeconfig, it cannot be read, or it has no such context */
export function readKubeconfig(client: ClientModule, context: string | undefined): KubeConfig {
    const config = new client.KubeConfig();
    const files = kubeconfigFiles();
    if (files.length === 0 && !existsSync(IN_CLUSTER))
        throw new FailedError("There is no kubeconfig, so there is no cluster to talk to.", HOW);
    const gone = files.filter((file) => !existsSync(file));
    if (files.length > 0 && gone.length === files.length) {
        throw new FailedError(`The kubeconfig ${gone.join(", ")} is not there.`, HOW);
    }
    try {
        config.loadFromDefault();
    } catch (error) {
        throw new FailedError(`The kubeconfig cannot be read: ${(error as Error).message}`, HOW);
    }
    if (context !== undefined) config.setCurrentContext(context);
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(config.currentContext)) {
        const what =
            context === undefined
                ? "The kubeconfig has no current context"
                : `groundwork:kubernetes.context: the kubeconfig has no context "${context}"`;
        throw new FailedError(`${what}. It has: ${names.join(", ") || "none"}.`, HOW);
    }
    if (!config.getCurrentCluster()) {
        throw new FailedError(
            `The kubeconfig's context "${config.currentContext}" names a cluster that is not in it.`,
            HOW,
        );
    }
    return config;
}

function kubeconfigFiles(): string[] {
    const named = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
    if (named.length > 0) return named;
    const usual = join(homedir(), ".kube", "config");
    return existsSync(usual) ? [usual] : [];
}

function unreachable(server: string, context: string, error: unknown): FailedError {
    const where = `The cluster at ${server} (context ${context})`;
    const silence = noAnswer(error);
    const failed =
        silence !== undefined
            ? new FailedError(
                  `${where} does not answer: ${silence}.`,
                  'Check that "kubectl version" works here. ' + HOW,
              )
            : isForbidden(error) || statusOf(error) === 401
              ? new FailedError(
                    `${where} refuses this user: ${sayingOf(error)}.`,
                    "Log in to it again, or choose another context.",
                )
              : new FailedError(
                    `${where} answers ${statusOf(error)}: ${sayingOf(error)}.`,
                    'Check that "kubectl version" works here.',
                );
    failed.cause = error;
    return failed;
}
