import type { Settings, Variable } from "../config/settings";
import type { App } from "../app";
import type { LogFormat, Logger, LogOptions } from "../observe/log";
import type { RedisStore } from "../stores/redis";
import type { SqlStore } from "../stores/types";

/** One service of a system, as its document describes it. */
export interface Profile {
    /** Key in `migrate/migrations.ts`. */
    system: string;
    title: string;
    variables: Variable[];
    /** What no single variable's rule can see. Returns a line for each problem. */
    check?: (settings: Settings) => string[];
    logFormat: LogFormat;
    logFiles?: (settings: Settings) => Pick<LogOptions, "file" | "directory">;
    /** In front of the names of its metrics. */
    metricsPrefix?: string;
    /** Opens the stores and adds the routes. */
    setUp: (app: App) => void;
    /** The database that its migrations change. */
    database?: (settings: Settings, logger: Logger) => SqlStore;
    /** The Redis that it caches in. */
    cache?: (settings: Settings, logger: Logger) => RedisStore;
}
