/** Three questions with three answers: has it started, may it be sent requests, must it be started anew? */
import type { core } from "@pulumi/kubernetes/types/input";

import type { WorkloadSpec } from "../../components/spec";
import type { Probe } from "../../systems/types";

/** Someone waits for the first answer, and for that of the next in line after it. */
const STARTUP_PERIOD_SECONDS = 1;

/** A replica that says no is out of the Services after two of these. */
const READINESS_PERIOD_SECONDS = 5;
const READINESS_FAILURES = 2;

/** The least: a process is started anew only when it has been gone for a while. */
const LIVENESS_PERIOD_SECONDS = 10;

export type Probes = Required<Pick<core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">>;

type Questions = Pick<WorkloadSpec, "health" | "readiness" | "liveness" | "exclusive" | "ports">;

/**
 * Started and alive are `liveness` or else `health`, which asks about nothing but the process itself. Ready is
 * `readiness` or else `health`: a store that is away takes a replica out of the Services and restarts nothing.
 */
export function probes(spec: Questions): Probes {
    const { health, liveness } = spec;
    const alive = liveness ? check(liveness) : (listens(spec) ?? check(health));
    const { startPeriodSeconds, intervalSeconds, retries } = liveness ?? health;
    const livenessPeriod = Math.max(LIVENESS_PERIOD_SECONDS, intervalSeconds);
    const ready = spec.readiness ?? health;
    return {
        startupProbe: {
            ...alive,
            periodSeconds: STARTUP_PERIOD_SECONDS,
            failureThreshold: Math.ceil((startPeriodSeconds + retries * intervalSeconds) / STARTUP_PERIOD_SECONDS),
        },
        readinessProbe: {
            ...check(ready),
            periodSeconds: Math.min(READINESS_PERIOD_SECONDS, ready.intervalSeconds),
            failureThreshold: READINESS_FAILURES,
        },
        livenessProbe: {
            ...alive,
            periodSeconds: livenessPeriod,
            failureThreshold: Math.max(2, Math.ceil((retries * intervalSeconds) / livenessPeriod)),
        },
    };
}

/**
 * For what owns data, whether it listens at all: one that replays its log after a crash, loads its data or is at the end of its connections
 * says no to its health check for as long as that takes, and killed for it would only begin again.
 */
function listens({ exclusive, ports, health }: Questions): core.v1.Probe | undefined {
    const [first] = ports;
    if (exclusive !== "data" || first === undefined) {
        return undefined;
    }
    return { tcpSocket: { port: first.port }, timeoutSeconds: health.timeoutSeconds };
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
