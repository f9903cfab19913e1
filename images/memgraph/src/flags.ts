/** Memgraph's command line. Flags that the stand-in has no use for are taken, so that one command line fits both. */
import { existsSync, readFileSync } from "node:fs";

import { type Level, LEVELS } from "./log";

/** What the packaged configuration of Memgraph 2.12 sets, and its binary's defaults. */
const DEFAULTS = {
    "bolt-address": "0.0.0.0",
    "bolt-port": "7687",
    "data-directory": "/var/lib/memgraph",
    "log-file": "/var/log/memgraph/memgraph.log",
    "log-level": "WARNING",
    "also-log-to-stderr": "false",
    "memory-limit": "0",
    "query-execution-timeout-sec": "600",
    "storage-snapshot-interval-sec": "300",
    "storage-snapshot-on-exit": "true",
    "storage-snapshot-retention-count": "3",
    "storage-wal-enabled": "true",
    "data-recovery-on-startup": "true",
};

/** Taken and not used: `--monitoring-port` serves the log over a web socket, for instance. */
const UNUSED = [
    "allow-load-csv",
    "auth-module-executable",
    "auth-password-permit-null",
    "bolt-num-workers",
    "bolt-server-name-for-init",
    "bolt-session-inactivity-timeout",
    "init-data-file",
    "init-file",
    "isolation-level",
    "license-key",
    "memory-warning-threshold",
    "metrics-address",
    "metrics-port",
    "monitoring-address",
    "monitoring-port",
    "organization-name",
    "password-encryption-algorithm",
    "query-callable-mappings-path",
    "query-modules-directory",
    "replication-replica-check-frequency-sec",
    "storage-gc-cycle-sec",
    "storage-items-per-batch",
    "storage-parallel-index-recovery",
    "storage-properties-on-edges",
    "storage-python-gc-cycle-sec",
    "storage-recovery-thread-count",
    "storage-wal-file-flush-every-n-tx",
    "storage-wal-file-size-kib",
    "telemetry-enabled",
];

const BOOLEANS = [
    "also-log-to-stderr",
    "allow-load-csv",
    "auth-password-permit-null",
    "storage-snapshot-on-exit",
    "storage-wal-enabled",
    "data-recovery-on-startup",
    "storage-parallel-index-recovery",
    "storage-properties-on-edges",
    "telemetry-enabled",
];

/** An older name. */
const ALIASES: Record<string, string> = { "storage-recover-on-startup": "data-recovery-on-startup" };

interface Flags {
    boltAddress: string;
    boltPort: number;
    dataDirectory: string;
    /** Empty: none. */
    logFile: string;
    logLevel: Level;
    alsoLogToStderr: boolean;
    memoryLimitMiB: number;
    queryTimeoutSeconds: number;
    /** 0: only on request and on exit. */
    snapshotIntervalSeconds: number;
    snapshotOnExit: boolean;
    snapshotRetention: number;
    walEnabled: boolean;
    recover: boolean;
}

/** The command line is wrong. */
export class FlagError extends Error {}

/** Reads the configuration file, then the arguments, which win. @throws FlagError */
export function parseFlags(args: string[], configFile?: string): Flags {
    const lines =
        configFile !== undefined && existsSync(configFile) ? readFileSync(configFile, "utf8").split("\n") : [];
    const fromFile = lines.map((line) => line.trim()).filter((line) => line.startsWith("--"));
    const values: Record<string, string> = { ...DEFAULTS, ...read(fromFile), ...read(args) };
    const number = (name: keyof typeof DEFAULTS, min: number, max = Number.MAX_SAFE_INTEGER) => {
        const value = Number(values[name]);
        if (Number.isInteger(value) && value >= min && value <= max) return value;
        throw new FlagError(`--${name}=${values[name]} must be a whole number from ${min} to ${max}`);
    };
    const boolean = (name: keyof typeof DEFAULTS) => {
        if (["true", "1", "t", "yes", "y"].includes(values[name]!)) return true;
        if (["false", "0", "f", "no", "n"].includes(values[name]!)) return false;
        throw new FlagError(`--${name}=${values[name]} must be true or false`);
    };
    const logLevel = values["log-level"] as Level;
    if (!LEVELS.includes(logLevel)) throw new FlagError(`--log-level=${logLevel} must be one of ${LEVELS.join(", ")}`);
    const flags: Flags = {
        boltAddress: values["bolt-address"]!,
        boltPort: number("bolt-port", 0, 65535),
        dataDirectory: values["data-directory"]!,
        logFile: values["log-file"]!,
        logLevel,
        alsoLogToStderr: boolean("also-log-to-stderr"),
        memoryLimitMiB: number("memory-limit", 0),
        queryTimeoutSeconds: number("query-execution-timeout-sec", 0),
        snapshotIntervalSeconds: number("storage-snapshot-interval-sec", 0),
        snapshotOnExit: boolean("storage-snapshot-on-exit"),
        snapshotRetention: number("storage-snapshot-retention-count", 1),
        walEnabled: boolean("storage-wal-enabled"),
        recover: boolean("data-recovery-on-startup"),
    };
    if (flags.walEnabled && flags.snapshotIntervalSeconds === 0) {
        // As in Memgraph: without snapshots the log would grow for ever.
        throw new FlagError("--storage-wal-enabled needs --storage-snapshot-interval-sec greater than 0");
    }
    return flags;
}

/** `--name=value`, `--name value`, `--switch`, `--noswitch`; underscores are as good as hyphens. */
function read(args: string[]): Record<string, string> {
    const values: Record<string, string> = {};
    for (let i = 0; i < args.length; i++) {
        const match = /^--?([a-zA-Z][\w-]*)(?:=([\s\S]*))?$/.exec(args[i]!);
        if (!match) throw new FlagError(`"${args[i]}" is no flag`);
        const written = match[1]!.replaceAll("_", "-");
        const given = ALIASES[written] ?? written;
        const negated = given.startsWith("no") && BOOLEANS.includes(given.slice(2));
        const name = negated ? given.slice(2) : given;
        if (!Object.hasOwn(DEFAULTS, name) && !UNUSED.includes(name))
            throw new FlagError(`unknown command line flag '${written}'`);
        if (match[2] !== undefined) values[name] = match[2];
        else if (BOOLEANS.includes(name)) values[name] = String(!negated);
        else if (args[i + 1] !== undefined) values[name] = args[++i]!;
        else throw new FlagError(`flag '${written}' is missing its argument`);
    }
    return values;
}
