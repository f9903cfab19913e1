/** The log: JSON lines on standard error, so that what a command answers stays alone on standard output. */
import { pino } from "pino";

export const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, level: process.env.LOG_LEVEL ?? "info" },
    pino.destination({ dest: 2, sync: true }),
);
