/** Where a container of the toolbox has what. */

/** The toolbox looks for its configuration here. */
export const CONFIGURATION = "/etc/groundwork-backup/config.json";

/** Locks, the history of runs and restores, restic's cache, and room to restore in. */
export const STATE_DIRECTORY = "/var/lib/groundwork-backup";

/** The volumes of the stores, each under the store's name. */
export const STORES_DIRECTORY = "/stores";

/** Where it has the stack's own configuration: these two files. */
export const STACK_DIRECTORY = "/etc/groundwork-stack";
export const STACK_FILES = { settings: "stack.json", secrets: "secrets.json" } as const;
