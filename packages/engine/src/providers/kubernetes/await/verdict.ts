/** What a look at an object says of its readiness. */
import type { PropertyMap } from "../../../provider";
import type { KubeObject } from "../object";
import type { Kind } from "../type";

/** Something that will not get better by itself, if it lasts. */
export interface Trouble {
    /** Names it over several looks, e.g. pod and reason. */
    key: string;
    text: string;
    /** How long it may last before it counts, in milliseconds. */
    patience: number;
    /** Whose last lines tell more. */
    logs?: { pod: string; container: string; previous: boolean };
}

/** `ready` with why, where that is worth telling; else what is waited for, e.g. "1 of 2 pods are available". */
export type Verdict = { ready: true; note?: string } | { ready: false; waiting: string; troubles?: Trouble[] };

/** What a judge can look at. */
export interface View {
    /** The object as it is now. */
    live: KubeObject;
    /** As it was applied: what is older does not count. */
    applied: KubeObject;
    inputs: PropertyMap;
    /** When the wait began, in milliseconds since the epoch, by this machine's clock. */
    since: number;
    /** Objects of a kind in the object's namespace; of a kind outside of namespaces: all. */
    list<T = KubeObject>(kind: Kind): Promise<T[]>;
}

export type Judge = (view: View) => Verdict | Promise<Verdict>;

export const READY: Verdict = { ready: true };

export function waiting(text: string, troubles: Trouble[] = []): Verdict {
    return { ready: false, waiting: text, troubles };
}

/** A failure that nothing mends. */
export function failed(key: string, text: string, logs?: Trouble["logs"]): Verdict {
    return waiting(text, [{ key, text, patience: 0, logs }]);
}
