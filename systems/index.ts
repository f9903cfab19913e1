/** The systems that can be deployed. A new one is a key in `types.ts`, a file here and a line below. */
import { debtOs } from "./debt-os";
import { openCode } from "./opencode";
import { openCodeAcp } from "./opencode-acp";
import { opsHub } from "./opshub";
import { projectManager } from "./project-manager";
import type { System, SystemKey } from "./types";

export const SYSTEMS: Record<SystemKey, System> = {
    opencode: openCode,
    "opencode-acp": openCodeAcp,
    "debt-os": debtOs,
    "project-manager": projectManager,
    opshub: opsHub,
};

/** The system of a key. */
export function systemOf(key: SystemKey): System {
    return SYSTEMS[key];
}
