import { describe, expect, it } from "vitest";

import type { Cluster } from "../../../../packages/cli/src/kubernetes/client";
import { openStandalone } from "../../../../packages/cli/src/kubernetes/standalone";

/** A cluster whose new namespace refuses its first pods. @returns what has been asked of it */
function cluster(...refusals: object[]): { cluster: Cluster; asked: string[] } {
    const asked: string[] = [];
    const answer =
        (what: string, value: object = {}) =>
        () =>
            Promise.resolve((asked.push(what), value));
    const gone = () => Promise.reject(Object.assign(new Error("gone"), { code: 404 }));
    const core = {
        createNamespace: answer("namespace"),
        createNamespacedSecret: answer("secret"),
        createNamespacedPod: () => {
            const refusal = refusals.shift();
            return refusal ? Promise.reject(Object.assign(new Error("no"), refusal)) : answer("pod")();
        },
        readNamespacedPod: () => Promise.resolve({ status: { phase: "Running" } }),
        deleteNamespace: answer("delete"),
        readNamespace: gone,
    };
    return { cluster: { core } as unknown as Cluster, asked };
}

describe("a pod in a namespace of its own", () => {
    const spec = { image: "toolbox", files: {} };

    it("waits for the namespace's service account", async () => {
        const message =
            'pods "rebuild" is forbidden: error looking up service account dev/default: serviceaccount "default" not found';
        const one = cluster({ code: 403, body: JSON.stringify({ message }) });
        await openStandalone(one.cluster, "dev-rebuild", spec);
        expect(one.asked).toEqual(["delete", "namespace", "secret", "pod"]);
    });

    it("that nobody may make is given up, with its namespace", async () => {
        const one = cluster({ code: 403, body: { message: 'violates PodSecurity "restricted"' } });
        await expect(openStandalone(one.cluster, "dev-rebuild", spec)).rejects.toThrow("no");
        expect(one.asked).toEqual(["delete", "namespace", "secret", "delete"]);
    });
});
