/** Pods that the API server did not let a controller make. */
import type { CoreV1Event } from "@kubernetes/client-node";

import type { Trouble } from "./verdict";

/** A quota or a webhook may let the next try through. */
const PATIENCE = 15_000;

/** Nothing but another pod template mends these. */
const FOR_GOOD = /violates PodSecurity|denied the request|is invalid:|Invalid value|unable to validate against any/;

export function rejection(message: string): Trouble {
    const quota = /exceeded quota/.test(message);
    return {
        key: "rejected",
        text: `its pods are refused${quota ? " by a quota" : ""}: ${message.replace(/^(pods "[^"]*" is forbidden: |create Pod \S+ in \w+ \S+ failed error: )+/, "")}`,
        patience: FOR_GOOD.test(message) ? 0 : PATIENCE,
    };
}

/** The controller's last word on making pods. @param uid the controller's @param since older events are about something else, as a time */
export function rejections(events: CoreV1Event[], uid: string, since: number): Trouble[] {
    const failures = events
        .filter(
            ({ involvedObject, reason }) =>
                involvedObject.uid === uid && /FailedCreate|Successful(Create)?/.test(reason ?? ""),
        )
        .toSorted((a, b) => timeOf(a) - timeOf(b));
    const last = failures.at(-1);
    return last?.reason === "FailedCreate" && timeOf(last) >= since
        ? [rejection(last.message ?? "no reason given")]
        : [];
}

/** When an event last happened, in milliseconds since the epoch. */
export function timeOf(event: CoreV1Event): number {
    const time =
        event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
    return time === undefined || time === null ? 0 : new Date(time).getTime();
}
