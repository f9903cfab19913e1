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

const ROOT = join(__dirname, "..");

interface Suite {
    name: string;
    /** Commands that each count as one test. */
    checks?: { name: string; command: string[] }[];
    /** Directory of vitest files. */
    directory?: string;
    /** Files one after another, since they share a Docker engine and its ports. */
    serial?: boolean;
    /** Runs first, once for all suites that name it; the suite fails when it does, and is skipped where it ends with `CANNOT`. */
    prepare?: string[];
    /** Runs beside all others where all suites run: it waits more than it works, and shares nothing with them but the machine. */
    beside?: boolean;
    /**
     * What must run while it does: where `up` ends with `CANNOT` the suite is skipped, and what did not run before is ended afterwards. `build`
     * takes long the first time, so it is begun with the first suite.
     */
    service?: Record<"build" | "isUp" | "up" | "down", string[]>;
}

/** Built once; done in a second when they are there. */
const IMAGES = [join(ROOT, "gw"), "images", "build"];

const CLUSTER = ["tsx", "tests/e2e/kubernetes/cluster/main.ts"];

/** Exit code where a machine has no means to do it; it has said which. */
const CANNOT = 2;

const SUITES: Suite[] = [
    {
        name: "static",
        checks: [
            { name: "eslint", command: ["eslint", ".", "--max-warnings", "0"] },
            { name: "prettier", command: ["prettier", "--check", "."] },
            { name: "type check", command: ["tsc", "-p", "tsconfig.json"] },
            { name: "nothing is unused", command: ["knip"] },
            { name: "generated files are fresh", command: ["tsx", "config/generate.ts", "--check"] },
        ],
    },
    { name: "unit", directory: "tests/unit" },
    { name: "cli", directory: "tests/cli" },
    { name: "policies", directory: "tests/policies" },
    { name: "browser", directory: "tests/browser", prepare: [join(ROOT, "scripts/setup-chromium.sh")] },
    { name: "manifests", directory: "tests/manifests" },
    { name: "engine", directory: "tests/engine", serial: true, prepare: IMAGES },
    { name: "e2e:docker", directory: "tests/e2e/docker", serial: true, prepare: IMAGES },
    // Each file has a network and volumes of its own, and no port of the machine.
    { name: "e2e:backup", directory: "tests/e2e/backup", prepare: IMAGES },
    {
        name: "e2e:kubernetes",
        directory: "tests/e2e/kubernetes",
        serial: true,
        beside: true,
        prepare: IMAGES,
        service: {
            build: [...CLUSTER, "build"],
            isUp: [...CLUSTER, "status"],
            up: [...CLUSTER, "up"],
            down: [...CLUSTER, "down"],
        },
    },
];

/** While what takes longest is built, the suites beside it take what it leaves: all that is to come afterwards waits for it. */
let isBuilding = false;
const BEHIND_THE_BUILD = 10;

/** @param log Takes what it writes, where that is nobody's concern yet. */
function run(command: string[], env: NodeJS.ProcessEnv = {}, log?: number): Promise<number> {
    return new Promise((done, reject) => {
        const child = spawn(resolve(ROOT, "node_modules/.bin", command[0]!), command.slice(1), {
            cwd: ROOT,
            stdio: log === undefined ? "inherit" : ["ignore", log, log],
            env: { ...process.env, ...env },
        });
        if (isBuilding && child.pid !== undefined) setPriority(child.pid, BEHIND_THE_BUILD);
        child.on("error", reject);
        child.on("exit", (code) => done(code ?? 1));
    });
}

async function runChecks(checks: NonNullable<Suite["checks"]>, log?: number): Promise<Summary> {
    const summary: Summary = { passed: 0, failed: 0, skipped: [], failures: [] };
    for (const check of checks) {
        if (log === undefined) console.log(`\n> ${check.name}`);
        if ((await run(check.command, {}, log)) === 0) summary.passed += 1;
        else {
            summary.failed += 1;
            summary.failures.push(check.name);
        }
    }
    return summary;
}

const prepared = new Map<string, Promise<number>>();

function prepare(command: string[], log?: number): Promise<number> {
    const key = command.join(" ");
    const running = prepared.get(key) ?? run(command, {}, log);
    prepared.set(key, running);
    return running;
}

async function runSuite(suite: Suite, log?: number): Promise<Summary> {
    if (suite.checks) return runChecks(suite.checks, log);
    const { service } = suite;
    const code = suite.prepare ? await prepare(suite.prepare, log) : 0;
    if (code === CANNOT) return lacking(suite);
    if (code !== 0) return failed(`${suite.name}: could not be prepared`);
    return service ? runWithService(suite, service, log) : runVitest(suite, log);
}

async function runWithService(suite: Suite, service: NonNullable<Suite["service"]>, log?: number): Promise<Summary> {
    const ranBefore = (await run(service.isUp, {}, log)) === 0;
    try {
        const code = await run(service.up, {}, log);
        if (code === CANNOT) return lacking(suite);
        if (code !== 0) return failed(`${suite.name}: what it needs did not come up`);
        return await runVitest(suite, log);
    } finally {
        if (!ranBefore) await run(service.down, {}, log);
    }
}

function failed(what: string): Summary {
    return { passed: 0, failed: 1, skipped: [], failures: [what] };
}

function lacking({ name }: Suite): Summary {
    const reason = "this machine lacks what it needs; it is said above";
    return { passed: 0, failed: 0, skipped: [{ name, reason }], failures: [] };
}

async function runVitest(suite: Suite, log?: number): Promise<Summary> {
    const file = join(ROOT, "reports", `${suite.name.replace(":", "-")}.json`);
    rmSync(file, { force: true });
    const command = ["vitest", "run", "--dir", suite.directory!];
    if (suite.serial) command.push("--no-file-parallelism");
    const code = await run(command, { GROUNDWORK_SUMMARY: file }, log);
    if (!existsSync(file)) return failed(`${suite.name}: did not run`);
    const summary = JSON.parse(readFileSync(file, "utf8")) as Summary;
    if (code !== 0 && summary.failed === 0) {
        summary.failed = 1;
        summary.failures.push(`${suite.name}: exit code ${code}`);
    }
    return summary;
}

/** A file under `reports/`, for what would else stand in the middle of what others write. */
function logOf(name: string): { file: string; log: number } {
    const file = join(ROOT, "reports", `${name.replace(":", "-")}.log`);
    mkdirSync(join(ROOT, "reports"), { recursive: true });
    return { file, log: openSync(file, "w") };
}

async function buildEarly(command: string[]): Promise<void> {
    const { file, log } = logOf("build");
    console.log(`Begun meanwhile: ${command.join(" ")}, see ${file}`);
    const built = run(command, {}, log);
    isBuilding = true;
    await built.finally(() => (isBuilding = false));
}

function print(title: string, summary: Summary): void {
    console.log(`\n== ${title}`);
    for (const skipped of summary.skipped) console.log(`skipped: ${skipped.name} (${skipped.reason})`);
    for (const failure of summary.failures) console.log(`FAILED: ${failure}`);
    console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped`);
}

/** One after another. */
async function runInTurn(suites: Suite[], total: Summary): Promise<void> {
    for (const suite of suites) {
        const started = Date.now();
        add(total, suite, started, await runSuite(suite));
    }
}

/** Beside others: what it writes comes in one piece when it has ended. */
async function runAside(suite: Suite, total: Summary): Promise<void> {
    const { file, log } = logOf(suite.name);
    // Where one fails, so does what follows, and says why.
    const built = suite.service && buildEarly(suite.service.build);
    await Promise.all([built, suite.prepare && prepare(suite.prepare, log)]);
    const started = Date.now();
    console.log(`Begun meanwhile: ${suite.name}, see ${file}`);
    const summary = await runSuite(suite, log);
    console.log(`\n${readFileSync(file, "utf8")}`);
    add(total, suite, started, summary);
}

function add(total: Summary, suite: Suite, started: number, summary: Summary): void {
    print(`${suite.name} (${Math.round((Date.now() - started) / 1000)} s)`, summary);
    total.passed += summary.passed;
    total.failed += summary.failed;
    total.skipped.push(...summary.skipped);
    total.failures.push(...summary.failures);
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
    const aside = suites.length > 1 ? suites.filter(({ beside }) => beside) : [];
    const inTurn = suites.filter((suite) => !aside.includes(suite));
    // Those aside first: their build must have begun when the first suite beside it starts, see `isBuilding`.
    await Promise.all([...aside.map((suite) => runAside(suite, total)), runInTurn(inTurn, total)]);
    print(wanted, total);
    process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}

void main();
