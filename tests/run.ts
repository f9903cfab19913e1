/**
 * Runs test suites and sums them up. Usage: `tsx tests/run.ts <suite>|all`. Every suite, and all together, end with the line
 * `N passed, N failed, N skipped`; what was skipped, and why, stands above it. Exit code 1 when anything failed or nothing ran.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { setPriority } from "node:os";
import { join, resolve } from "node:path";

import { sweepEarlierRuns } from "./e2e/docker/support/inventory";
import type { Summary } from "./reporter";
import { BUILD, IMAGES, ROOT, SUITES, type Suite } from "./suites";

/** Exit code where a machine has no means to do it; it has said which. */
const CANNOT = 2;

interface How {
    env?: NodeJS.ProcessEnv;
    /** Takes what it writes, where that is nobody's concern yet. */
    log?: number;
    /** It gets what the machine has left. */
    behind?: boolean;
}

const BEHIND = 10;

function run(command: string[], { env = {}, log, behind = false }: How): Promise<number> {
    return new Promise((done, reject) => {
        const child = spawn(resolve(ROOT, "node_modules/.bin", command[0]!), command.slice(1), {
            cwd: ROOT,
            stdio: log === undefined ? "inherit" : ["ignore", log, log],
            env: { ...process.env, ...env },
        });
        if (behind && child.pid !== undefined) setPriority(child.pid, BEHIND);
        child.on("error", reject);
        child.on("exit", (code) => done(code ?? 1));
    });
}

async function runChecks(checks: NonNullable<Suite["checks"]>, how: How): Promise<Summary> {
    const summary: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
    for (const check of checks) {
        if (how.log === undefined) console.log(`\n> ${check.name}`);
        if ((await run(check.command, how)) === 0) summary.passed += 1;
        else {
            summary.failed += 1;
            summary.failures.push(check.name);
        }
    }
    return summary;
}

const prepared = new Map<string, Promise<number>>();

function prepare(command: string[], how: How): Promise<number> {
    const key = command.join(" ");
    const running = prepared.get(key) ?? run(command, how);
    prepared.set(key, running);
    return running;
}

async function runSuite(suite: Suite, how: How): Promise<Summary> {
    if (suite.checks) return runChecks(suite.checks, how);
    const { service } = suite;
    const code = suite.prepare ? await prepare(suite.prepare, how) : 0;
    if (code === CANNOT) return lacking(suite);
    if (code !== 0) return failed(`${suite.name}: could not be prepared`);
    return service ? runWithService(suite, service, how) : runVitest(suite, how);
}

async function runWithService(suite: Suite, service: NonNullable<Suite["service"]>, how: How): Promise<Summary> {
    const ranBefore = (await run(service.isUp, how)) === 0;
    try {
        const code = await run(service.up, how);
        if (code === CANNOT) return lacking(suite);
        if (code !== 0) return failed(`${suite.name}: what it needs did not come up`);
        return await runVitest(suite, how);
    } finally {
        if (!ranBefore) await run(service.down, how);
    }
}

function failed(what: string): Summary {
    return { passed: 0, failed: 1, skipped: [], failures: [what] };
}

function lacking({ name }: Suite): Summary {
    const reason = "this machine lacks what it needs; it is said above";
    return { passed: 0, failed: 0, skipped: [{ name, reason }], failures: [] };
}

const ONE_BY_ONE = "--no-file-parallelism";

async function runVitest(suite: Suite, how: How): Promise<Summary> {
    const { alone = [], serial } = suite;
    const others = alone.flatMap((name) => ["--exclude", `**/${name}.test.ts`]);
    const summary = await runFiles(suite.name, suite, serial ? [ONE_BY_ONE] : others, how);
    if (alone.length > 0) {
        const those = [ONE_BY_ONE, ...alone.map((name) => `${name}.test.ts`)];
        add(summary, await runFiles(`${suite.name}:alone`, suite, those, how));
    }
    return summary;
}

async function runFiles(name: string, suite: Suite, which: string[], how: How): Promise<Summary> {
    const file = join(ROOT, "reports", `${name.replaceAll(":", "-")}.json`);
    rmSync(file, { force: true });
    const command = ["vitest", "run", "--dir", suite.directory!, ...which];
    const code = await run(command, { ...how, env: { GROUNDWORK_SUMMARY: file } });
    if (!existsSync(file)) return failed(`${name}: did not run`);
    const summary = JSON.parse(readFileSync(file, "utf8")) as Summary;
    if (code !== 0 && summary.failed === 0) {
        summary.failed = 1;
        summary.failures.push(`${name}: exit code ${code}`);
    }
    return summary;
}

function print(title: string, summary: Summary): void {
    console.log(`\n== ${title}`);
    for (const skipped of summary.skipped) console.log(`skipped: ${skipped.name} (${skipped.reason})`);
    for (const failure of summary.failures) console.log(`FAILED: ${failure}`);
    console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped`);
}

function add(total: Summary, summary: Summary): void {
    total.passed += summary.passed;
    total.failed += summary.failed;
    total.skipped.push(...summary.skipped);
    total.failures.push(...summary.failures);
}

/** One after another. */
async function runInTurn(suites: Suite[], total: Summary, one: (suite: Suite) => Promise<Summary>): Promise<void> {
    for (const suite of suites) {
        const started = Date.now();
        const summary = await one(suite);
        print(`${suite.name} (${Math.round((Date.now() - started) / 1000)} s)`, summary);
        add(total, summary);
    }
}

/** A file under `reports/`, for what would else stand in the middle of what others write. */
function logOf(name: string): { file: string; log: number } {
    const file = join(ROOT, "reports", `${name.replace(":", "-")}.log`);
    mkdirSync(join(ROOT, "reports"), { recursive: true });
    console.log(`Begun meanwhile: ${name}, see ${file}`);
    return { file, log: openSync(file, "w") };
}

/** Beside others: what it writes comes in one piece when it has ended. */
async function runAside(suite: Suite): Promise<Summary> {
    const { file, log } = logOf(suite.name);
    const summary = await runSuite(suite, { log });
    console.log(`\n${readFileSync(file, "utf8")}`);
    return summary;
}

async function runAll(total: Summary): Promise<void> {
    const { log } = logOf("build");
    // Where one fails, so does what stands on it, and says why.
    const built = Promise.all([run(BUILD, { log }), prepare(IMAGES, { log })]);
    const lane = (name: Suite["lane"]): Suite[] => SUITES.filter((suite) => suite.lane === name);
    await Promise.all([
        runInTurn(lane(undefined), total, (suite) => runSuite(suite, { behind: true })),
        // They measure how soon something is back.
        ...(["docker", "cluster"] as const).map(async (name) => {
            await built;
            await runInTurn(lane(name), total, runAside);
        }),
    ]);
}

async function main(): Promise<void> {
    const wanted = process.argv[2] ?? "all";
    const suites = wanted === "all" ? SUITES : SUITES.filter((suite) => suite.name === wanted);
    if (suites.length === 0) {
        console.error(`No suite "${wanted}". Suites: all, ${SUITES.map((suite) => suite.name).join(", ")}.`);
        process.exit(2);
    }
    if (suites.some(({ prepare: needed }) => needed === IMAGES)) {
        const swept = await sweepEarlierRuns();
        if (swept.length > 0) console.log(`Removed what an earlier run left: ${swept.join(", ")}`);
    }
    const total: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
    await (wanted === "all" ? runAll(total) : runInTurn(suites, total, (suite) => runSuite(suite, {})));
    print(wanted, total);
    process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}

void main();
