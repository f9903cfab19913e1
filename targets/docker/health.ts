import type { types } from "@pulumi/docker";

import type { Probe } from "../../systems/types";
import { goDuration } from "./format";

/** The command of a health check, run inside the container. Loopback by address: `localhost` may be IPv6 first. */
export function probeCommand(probe: Probe): string[] {
    switch (probe.kind) {
        case "exec":
            return ["CMD", ...probe.command];
        case "tcp":
            return ["CMD", "nc", "-z", "-w", String(probe.timeoutSeconds), "127.0.0.1", String(probe.port)];
        case "http": {
            const url = `http://127.0.0.1:${probe.port}${probe.path}`;
            const seconds = String(probe.timeoutSeconds);
            return probe.client === "curl"
                ? ["CMD", "curl", "-fsS", "-o", "/dev/null", "--max-time", seconds, url]
                : ["CMD", "wget", "-q", "-O", "/dev/null", "-T", seconds, url];
        }
    }
}

/** `start_interval` is left out: engines before 25 drop it, and what is dropped shows up as a change in every preview. */
export function healthcheck(probe: Probe): types.input.ContainerHealthcheck {
    return {
        tests: probeCommand(probe),
        interval: goDuration(probe.intervalSeconds),
        timeout: goDuration(probe.timeoutSeconds),
        retries: probe.retries,
        startPeriod: goDuration(probe.startPeriodSeconds),
    };
}

/** For containers that are never probed, whatever their image says. */
export const NO_HEALTHCHECK: types.input.ContainerHealthcheck = { tests: ["NONE"] };
