import type { LogPolicy } from "../systems/types";
import type { WorkloadSpec } from "./spec";

/** What of a system's log policy holds for a container's own log. */
export function logRotation({ maxFileMiB, maxFiles }: LogPolicy): WorkloadSpec["logs"] {
    return { maxFileMiB, maxFiles };
}
