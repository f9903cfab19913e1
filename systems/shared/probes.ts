/** Health checks as the documents write them, and their quicker form for dev. */
import { secretPath } from "../addresses";
import { type PerEnvironment, type Probe, STORE_PASSWORDS } from "../types";

type Timing = Pick<Probe, "intervalSeconds" | "timeoutSeconds" | "retries" | "startPeriodSeconds">;
type Check = Probe extends infer P ? (P extends Probe ? Omit<P, keyof Timing> : never) : never;

/**
 * The Compose files of OpenCode and DEBT-OS: interval 30 s, timeout 10 s, 3 retries. 30 s before the first one counts
 * is DEBT-OS's `initialDelaySeconds`, and what OpenCode's `update.sh` sleeps.
 */
export const SERVICE_TIMING: Timing = { intervalSeconds: 30, timeoutSeconds: 10, retries: 3, startPeriodSeconds: 30 };

/**
 * DEBT-OS's Compose file, for Postgres and Redis: interval 10 s, timeout 5 s, 5 retries. It is silent on the start: two
 * minutes, since neither answers before it has replayed its log after a crash.
 */
export const STORE_TIMING: Timing = { intervalSeconds: 10, timeoutSeconds: 5, retries: 5, startPeriodSeconds: 120 };

/** In dev someone waits for the first answer: the same check, every two seconds. */
function inDev(timing: Timing): Timing {
    return {
        intervalSeconds: 2,
        timeoutSeconds: Math.min(2, timing.timeoutSeconds),
        retries: 15,
        startPeriodSeconds: 20,
    };
}

/** A check at the document's pace in staging and prod, at dev's in dev. */
export function probe(check: Check, timing: Timing): PerEnvironment<Probe> {
    return { default: { ...check, ...timing }, dev: { ...check, ...inDev(timing) } };
}

/** `curl -f http://localhost:<port><path>` inside the container. */
export function httpProbe(path: string, port: number, timing = SERVICE_TIMING): PerEnvironment<Probe> {
    return probe({ kind: "http", path, port, client: "curl" }, timing);
}

/** Over TCP: while the image initialises, a server that listens on the socket only would already say yes. */
export function postgresProbe(user: string, database: string): PerEnvironment<Probe> {
    return probe(
        { kind: "exec", command: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database] },
        STORE_TIMING,
    );
}

/**
 * `-e`, because without it `redis-cli` also exits with 0 on an error such as LOADING. The password goes from its file into the environment
 * of that one command, never onto a command line. One process from start to end: of a check that takes too long only the first is killed,
 * and Redis, as process 1, would keep what that one had started as zombies, until there is no process left to be had.
 */
export function redisProbe(): PerEnvironment<Probe> {
    const ping =
        `IFS= read -r REDISCLI_AUTH <${secretPath(STORE_PASSWORDS.redis)}; export REDISCLI_AUTH; ` +
        "exec redis-cli -h 127.0.0.1 --no-auth-warning -e ping";
    return probe({ kind: "exec", command: ["sh", "-c", ping] }, STORE_TIMING);
}
