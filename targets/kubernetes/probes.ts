/** Three questions with three answers: has it started, may it be sent requests, must it be started anew? */
import type { core } from "@pulumi/kubernetes/types/input";

import type { WorkloadSpec } from "../../components/spec";
import type { Probe } from "../../systems/types";

/** Someone waits for the first answer. */
const STARTUP_PERIOD_SECONDS = 2;

/** A replica that says no is out of the Services after two of these. */
const READINESS_PERIOD_SECONDS = 5;
const READINESS_FAILURES = 2;

/** The least: a process is started anew only when it has been gone for a while. */
const LIVENESS_PERIOD_SECONDS = 10;

export type Probes = Required<Pick<core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">>;

/**
 * Started and alive are `health`, which asks about nothing but the process itself. Ready is `readiness` where there is one: a store that
 * is away takes a replica out of the Services and restarts nothing.
 */
export function probes({ health, readiness }: Pick<WorkloadSpec, "health" | "readiness">): Probes {
    const { startPeriodSeconds, intervalSeconds, retries } = health;
    const livenessPeriod = Math.max(LIVENESS_PERIOD_SECONDS, intervalSeconds);
    const ready = readiness ?? health;
    return {
        startupProbe: {
            ...check(health),
            periodSeconds: STARTUP_PERIOD_SECONDS,
            failureThreshold: Math.ceil((startPeriodSeconds + retries * intervalSeconds) / STARTUP_PERIOD_SECONDS),
        },
        readinessProbe: {
            ...check(ready),
            periodSeconds: Math.min(READINESS_PERIOD_SECONDS, ready.intervalSeconds),
            failureThreshold: READINESS_FAILURES,
        },
        livenessProbe: {
            ...check(health),
            periodSeconds: livenessPeriod,
            failureThreshold: Math.max(2, Math.ceil((retries * intervalSeconds) / livenessPeriod)),
        },
    };
}

function check(probe: Probe): core.v1.Probe {
    const { timeoutSeconds } = probe;
    switch (probe.kind) {
        case "exec":
            return { exec: { command: probe.command }, timeoutSeconds };
        case "tcp":
            return { tcpSocket: { port: probe.port }, timeoutSeconds };
        case "http":
            return { httpGet: { path: probe.path, port: probe.port, scheme: "HTTP" }, timeoutSeconds };
    }
}
