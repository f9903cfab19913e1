/** The systems that can be deployed. A new one is a key in `types.ts`, a file here and a line below. */
import { type BackupChoice, withBackups } from "./backup";
import { debtOs } from "./debt-os";
import { openCode } from "./opencode";
import { openCodeAcp } from "./opencode-acp";
import { opsHub } from "./opshub";
import { projectManager } from "./project-manager";
import { type StoreChoices, withStores } from "./external";
import { type Database, type System, type SystemKey, withDatabase } from "./types";

export const SYSTEMS: Record<SystemKey, System> = {
    opencode: openCode,
    "opencode-acp": openCodeAcp,
    "debt-os": debtOs,
    "project-manager": projectManager,
    opshub: opsHub,
};

/** What a stack chose of its system. */
export interface SystemChoices {
    system: SystemKey;
    /** Absent: the system's own. */
    database?: Database;
    stores: StoreChoices;
    backup: BackupChoice;
}

/** The system of a key, with the database that the stack chose, or the system's own, and with its stores where the stack has them. */
export function systemOf(key: SystemKey, database?: Database, stores?: StoreChoices): System {
    const system = withDatabase(SYSTEMS[key], database);
    return stores ? withStores(system, stores) : system;
}

/** The same with what backs it up: all that a stack runs. */
export function deployedSystem({ system, database, stores, backup }: SystemChoices): System {
    return withBackups(systemOf(system, database, stores), backup);
}
