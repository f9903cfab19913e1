/** Addresses that ought to lead to a stack's edge, and whether they let this machine in. */
import { lookup } from "node:dns/promises";
import { connect } from "node:net";

import type { EdgeAccess } from "../runtime/runtime";

/** How long an address may take to let this machine in. */
const CONNECT_MS = 2000;

export interface Candidate {
    host: string;
    http: number;
    https: number;
    /** For people, e.g. `load balancer 203.0.113.7`. */
    what: string;
}

/** The first that lets this machine in. @param usual the port that users know @returns undefined when none does */
export async function firstThatAnswers(candidates: Candidate[], usual: number): Promise<EdgeAccess | undefined> {
    for (const { host, http, https, what } of candidates) {
        if (!(await answers(host, https))) continue;
        return {
            // A cloud's load balancer has a name, and requests go to an address under the stack's own name.
            address: (await lookup(host)).address,
            ports: { http, https },
            note: https === usual ? undefined : `Reached at the ${what}, port ${https}.`,
            close: () => Promise.resolve(),
        };
    }
    return undefined;
}

function answers(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ host, port, timeout: CONNECT_MS });
        const done = (answer: boolean): void => {
            socket.destroy();
            resolve(answer);
        };
        socket.once("connect", () => done(true));
        socket.once("timeout", () => done(false));
        socket.once("error", () => done(false));
    });
}
