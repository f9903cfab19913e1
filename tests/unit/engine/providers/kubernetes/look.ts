/** A judge of `await`, and what it is shown. */
import type { PropertyMap } from "../../../../../packages/engine/src/provider";
import { judgeFor } from "../../../../../packages/engine/src/providers/kubernetes/await";
import type { Judge, View } from "../../../../../packages/engine/src/providers/kubernetes/await/verdict";
import type { KubeObject } from "../../../../../packages/engine/src/providers/kubernetes/object";
import { kindOf } from "../../../../../packages/engine/src/providers/kubernetes/type";

export type Objects = Record<string, unknown[]>;

export function look(judge: Judge, live: object, around: Objects = {}, applied: object = live, since = 0) {
    const complete = (object: object): KubeObject =>
        ({
            ...object,
            metadata: { name: "x", uid: "u", namespace: "n", ...(object as { metadata?: object }).metadata },
        }) as KubeObject;
    const view: View = {
        live: complete(live),
        applied: complete(applied),
        inputs: {},
        since,
        list: <T>(kind: { kind: string }) => Promise.resolve((around[kind.kind] ?? []) as T[]),
    };
    return judge(view);
}

export function judge(type: string, inputs: PropertyMap = {}): Judge {
    return judgeFor(kindOf(`kubernetes:${type}`), inputs)!;
}

export const owned = (uid: string, more: object = {}): object => ({
    ownerReferences: [{ uid, controller: true }],
    ...more,
});
