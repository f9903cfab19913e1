/** Claims and volumes. */
import type { CoreV1Event, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";

import { at } from "../object";
import { timeOf } from "./rejection";
import { failed, READY, waiting, type Judge, type View } from "./verdict";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** How long a provisioner may fail before it counts, in milliseconds. */
const PROVISIONING_PATIENCE = 60_000;

/** Bound, where its class binds at once; a claim that waits for its first pod is left to that pod. */
export const claim: Judge = async (view) => {
    const { spec, status } = view.live as unknown as V1PersistentVolumeClaim;
    if (status?.phase === "Bound") return READY;
    if (status?.phase === "Lost") return failed("lost", "it has lost its volume");
    const { name, mode } = await bindingOf(view, spec?.storageClassName);
    if (name === undefined)
        return { ready: true, note: "it has no storage class: it is bound when a volume for it is there" };
    if (mode === "WaitForFirstConsumer") return READY;
    if (mode === undefined)
        return waiting(`its storage class ${name} is not there`, [
            { key: "class", text: `there is no storage class "${name}"`, patience: 10_000 },
        ]);
    const events = await view.list<CoreV1Event>({ group: "", version: "v1", kind: "Event" });
    const failure = events
        .filter(
            ({ involvedObject, reason }) =>
                involvedObject.uid === view.live.metadata.uid && reason === "ProvisioningFailed",
        )
        .toSorted((a, b) => timeOf(a) - timeOf(b))
        .at(-1);
    return waiting(`it is ${status?.phase?.toLowerCase() ?? "pending"}, storage class ${name}`, [
        ...(failure
            ? [
                  {
                      key: "provisioning",
                      text: `no volume can be made: ${failure.message}`,
                      patience: PROVISIONING_PATIENCE,
                  },
              ]
            : []),
    ]);
};

async function bindingOf(view: View, asked: string | undefined): Promise<{ name?: string; mode?: string }> {
    // "" asks for a volume without a class.
    if (asked === "") return {};
    const classes = await view.list<V1StorageClass>({ group: "storage.k8s.io", version: "v1", kind: "StorageClass" });
    const found = classes.find(({ metadata }) =>
        asked === undefined ? metadata?.annotations?.[DEFAULT_CLASS] === "true" : metadata?.name === asked,
    );
    if (!found) return { name: asked };
    return { name: found.metadata?.name, mode: found.volumeBindingMode ?? "Immediate" };
}

export const volume: Judge = ({ live }) => {
    const phase = at(live, "status", "phase");
    return phase === "Available" || phase === "Bound"
        ? READY
        : waiting(`it is ${String(phase ?? "pending").toLowerCase()}`);
};
