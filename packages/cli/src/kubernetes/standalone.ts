/** A pod of the toolbox's image in a namespace of its own, which is gone with it. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Standalone, StandaloneSpec } from "../backups/standalone";
import { FailedError } from "../errors";
import type { Cluster } from "./client";
import { found, isPremature } from "./errors";
import { execIn } from "./exec";
import type { V1Pod } from "./types";

/** It holds the keys to the bucket: where whoever made it is killed, its pod ends by itself, and the next one removes the Secret. */
const LIFE_SECONDS = 1200;

/** Most seconds for the namespace of one that was killed. */
const REMOVAL_SECONDS = 300;

/** Most seconds for a node and its image. */
const START_SECONDS = 300;
const LOOK_AGAIN_MS = 500;

/** Most seconds for the service account of a new namespace: its controller may have much to do, or start anew. */
const ACCOUNT_SECONDS = 60;

/** The image's own. */
const USER = 999;

const NAME = "rebuild";

/** @throws FailedError when the pod does not start */
export async function openStandalone(
    cluster: Cluster,
    namespace: string,
    { image, files }: StandaloneSpec,
): Promise<Standalone> {
    const { core } = cluster;
    await removeNamespace(cluster, namespace);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    // Its end is waited for by the next one alone.
    const close = async (): Promise<void> => void (await found(() => core.deleteNamespace({ name: namespace })));
    try {
        const paths = Object.keys(files);
        const stringData = Object.fromEntries(paths.map((path, at) => [`file-${at}`, files[path]!]));
        await core.createNamespacedSecret({ namespace, body: { metadata: { name: NAME }, stringData } });
        await createPod(cluster, namespace, podOf(image, paths));
        await untilRunning(cluster, namespace);
    } catch (error) {
        await close();
        throw error;
    }
    const at = { namespace, pod: NAME, container: NAME };
    return { exec: (command, timeoutMs) => execIn(cluster, at, command, timeoutMs), close };
}

function podOf(image: string, paths: string[]): V1Pod {
    return {
        metadata: { name: NAME },
        spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            activeDeadlineSeconds: LIFE_SECONDS + START_SECONDS,
            terminationGracePeriodSeconds: 0,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: USER,
                runAsGroup: USER,
                fsGroup: USER,
                seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
                {
                    name: NAME,
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sleep", String(LIFE_SECONDS)],
                    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                    volumeMounts: paths.map((mountPath, at) => ({
                        name: NAME,
                        mountPath,
                        subPath: `file-${at}`,
                        readOnly: true,
                    })),
                },
            ],
            volumes: [{ name: NAME, secret: { secretName: NAME, defaultMode: 0o440 } }],
        },
    };
}

async function createPod({ core }: Cluster, namespace: string, body: V1Pod): Promise<void> {
    const until = Date.now() + ACCOUNT_SECONDS * 1000;
    for (;;) {
        try {
            await core.createNamespacedPod({ namespace, body });
            return;
        } catch (error) {
            if (!isPremature(error) || Date.now() > until) throw error;
        }
        await sleep(LOOK_AGAIN_MS);
    }
}

async function untilRunning({ core }: Cluster, namespace: string): Promise<void> {
    const until = Date.now() + START_SECONDS * 1000;
    for (;;) {
        const { status } = await core.readNamespacedPod({ name: NAME, namespace });
        if (status?.phase === "Running") return;
        if (Date.now() > until || status?.phase === "Failed") {
            const waiting = status?.containerStatuses?.[0]?.state?.waiting;
            const reason =
                waiting?.message ?? waiting?.reason ?? status?.conditions?.find(({ message }) => message)?.message;
            throw new FailedError(
                `The pod that looks into the bucket does not start: ${reason ?? status?.phase ?? "no node has taken it"}.`,
                "The same command tries it again.",
            );
        }
        await sleep(LOOK_AGAIN_MS);
    }
}

/** @throws FailedError when it does not go: while an API of the cluster does not answer, no namespace does */
async function removeNamespace({ core }: Cluster, name: string): Promise<void> {
    await found(() => core.deleteNamespace({ name }));
    for (const until = Date.now() + REMOVAL_SECONDS * 1000; ; await sleep(LOOK_AGAIN_MS)) {
        const left = await found(() => core.readNamespace({ name }));
        if (!left) return;
        if (Date.now() < until) continue;
        const why = left.status?.conditions?.find(({ status }) => status === "True")?.message ?? left.status?.phase;
        throw new FailedError(
            `The namespace ${name} of an earlier rebuild is not gone after ${REMOVAL_SECONDS} s: ${why}`,
            `kubectl get namespace ${name} -o yaml says what it waits for.`,
        );
    }
}
