import type { ProviderContext } from "../../../../../packages/engine/src/provider";
import { contextOf as base, type RecordedContext } from "../context";

/** A kubeconfig of a cluster at which nothing listens. */
export const KUBECONFIG = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "team" } }],
    "current-context": "x",
});

/** @param type e.g. `core/v1:Secret` */
export function contextOf(type: string, extra: Partial<ProviderContext> = {}): RecordedContext {
    return base(`kubernetes:${type}`, { config: { kubeconfig: KUBECONFIG }, ...extra });
}
