/** The stores of `config.ts`: one shape a driver. */
import { Cron } from "croner";
import { z } from "zod";

const path = z.string().regex(/^\/.+/, "must be an absolute path");
const port = z.int().min(1).max(65535);

const schedule = z.strictObject({
    /** The tier's name: `daily`, `weekly-full`, `hourly` … Shown in lists and metrics. */
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes"),
    /** Five fields, in the configuration's time zone. */
    cron: z.string().refine(isCron, "must be a cron expression of five fields"),
    /**
     * `full`: everything is read again, whatever the last backup had. `incremental`: what has not changed is not read again.
     * `logical`: as statements, which any version can load. `snapshot`: the store's own. A driver that knows one way only takes it for all.
     */
    kind: z.enum(["full", "incremental", "logical", "snapshot"]),
});

/** Whatever any of them keeps is kept. At least one must be given, so that nothing is kept for ever by accident. */
const retention = z
    .strictObject({
        /** The newest backup of each of so many days that have one. */
        daily: z.int().min(1).optional(),
        /** The newest backup of each of so many weeks (Monday to Sunday) that have one. */
        weekly: z.int().min(1).optional(),
        /** Every backup that is younger. */
        days: z.int().min(1).optional(),
    })
    .refine((value) => Object.values(value).some((one) => one !== undefined), "needs daily, weekly or days");

const common = {
    schedules: z
        .array(schedule)
        .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "has two schedules of one name"),
    retention,
    /** A run that takes longer is ended, and has failed. */
    timeoutSeconds: z
        .int()
        .min(60)
        .default(6 * 3600),
};

const postgres = z.strictObject({
    driver: z.literal("postgres"),
    host: z.string().min(1),
    port: port.default(5432),
    /** May read everything and replicate. Superuser, where roles' passwords are to be backed up and databases swapped. */
    user: z.string().min(1),
    passwordFile: path,
    /** libpq's sslmode: `require` where the server encrypts, `verify-full` where its certificate is vouched for. */
    sslMode: z.enum(["disable", "require", "verify-full"]).default("disable"),
    /** With `verify-full`: PEM certificates of those who may vouch for it. */
    caFile: path.optional(),
    /** The application's database; every other database of the server is backed up with it. */
    database: z.string().min(1),
    /**
     * PGDATA of the server, where its volume is mounted here (read-only for backups). With it `incremental` and `full` runs copy the files,
     * and a restore to a point in time is possible. Absent: every run is logical.
     */
    dataDirectory: path.optional(),
    /** Stream the write-ahead log to the repository; needs `dataDirectory`, or there is nothing to replay it on. */
    wal: z
        .strictObject({
            /**
             * Its replication slot, made where it is missing. Set `max_slot_wal_keep_size` in the server, or a full disk is the price of an
             * outage.
             */
            slot: z
                .string()
                .regex(/^[a-z0-9_]+$/, "must be lower-case letters, digits and underscores")
                .default("groundwork_backup"),
            /** Most seconds that a change waits before it is uploaded: the recovery point. */
            shipSeconds: z.int().min(5).max(60).default(20),
        })
        .optional(),
    ...common,
});

const redis = z.strictObject({
    driver: z.literal("redis"),
    host: z.string().min(1),
    port: port.default(6379),
    passwordFile: path.optional(),
    /** `/data` of the server, where its volume is mounted here; only a restore needs it, and then writable. */
    dataDirectory: path.optional(),
    ...common,
});

const sqlite = z.strictObject({
    driver: z.literal("sqlite"),
    /** The database file on the service's volume, mounted here; writable, because a database in WAL mode cannot be read otherwise. */
    file: path,
    ...common,
});

const memgraph = z.strictObject({
    driver: z.literal("memgraph"),
    host: z.string().min(1),
    port: port.default(7687),
    /** Absent: no users, as in OpenCode's document. */
    user: z.string().optional(),
    passwordFile: path.optional(),
    /** `/var/lib/memgraph` of the server, where its volume is mounted here; restores need it writable. */
    dataDirectory: path,
    ...common,
});

const files = z.strictObject({
    driver: z.literal("files"),
    /** A folder: the mounted volume, or where the stack's configuration is mounted. Restores need it writable. */
    directory: path,
    /** Patterns that are left out, as restic's `--exclude`. */
    exclude: z.array(z.string().min(1)).default([]),
    ...common,
});

export const storeSchema = z
    .discriminatedUnion("driver", [postgres, redis, sqlite, memgraph, files])
    .refine((store) => store.driver !== "postgres" || !store.wal || store.dataDirectory !== undefined, {
        path: ["wal"],
        message: "needs dataDirectory: a log can only be replayed on a copy of the files",
    })
    .refine(
        (store) => store.driver !== "postgres" || (store.sslMode === "verify-full") === (store.caFile !== undefined),
        {
            path: ["caFile"],
            message: "belongs to sslMode verify-full, which needs it",
        },
    );

export type StoreConfig = z.output<typeof storeSchema>;
export type PostgresConfig = z.output<typeof postgres>;
export type RedisConfig = z.output<typeof redis>;
export type SqliteConfig = z.output<typeof sqlite>;
export type MemgraphConfig = z.output<typeof memgraph>;
export type FilesConfig = z.output<typeof files>;
export type Schedule = z.output<typeof schedule>;
export type Kind = Schedule["kind"];
export type Retention = z.output<typeof retention>;

/** Cron of five fields that has a next run. */
export function isCron(expression: string): boolean {
    try {
        return expression.trim().split(/\s+/).length === 5 && new Cron(expression, { paused: true }).nextRun() !== null;
    } catch {
        return false;
    }
}
