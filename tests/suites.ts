/** The suites that `tests/run.ts` runs. */
import { join } from "node:path";

export const ROOT = join(__dirname, "..");

export interface Suite {
    name: string;
    /** Commands that each count as one test. */
    checks?: { name: string; command: string[] }[];
    /** Directory of vitest files. */
    directory?: string;
    /** Files one after another, since they share ports. */
    serial?: boolean;
    /** Names of files that change what the others stand on: they run after those, one after another. */
    alone?: string[];
    /** Runs first, once for all suites that name it; the suite fails when it does, and is skipped where it ends with `CANNOT`. */
    prepare?: string[];
    /**
     * Where all suites run, those of one lane run one after another, since they share ports and names, and the lanes beside each other.
     * Those of none need processors and ask no clock: they are a lane that begins first, and takes what the others leave.
     */
    lane?: "docker" | "cluster";
    /** What must run while it does: where `up` ends with `CANNOT` the suite is skipped, and what did not run before is ended afterwards. */
    service?: Record<"isUp" | "up" | "down", string[]>;
}

/** Built once; done in a second when they are there. */
export const IMAGES = [join(ROOT, "gw"), "images", "build"];

/** What a check keeps of files that were well, by their content: the next run looks at the others. */
const CACHE = join(ROOT, ".groundwork/cache/static");

const CLUSTER = ["tsx", "tests/e2e/kubernetes/cluster/main.ts"];

/** Takes ten minutes the first time: what is of no lane runs beside it, and the lanes begin after it. */
export const BUILD = [...CLUSTER, "build"];

export const SUITES: Suite[] = [
    {
        name: "static",
        checks: [
            { name: "eslint", command: ["eslint", ".", "--max-warnings", "0"] },
            {
                name: "prettier",
                command: [
                    ...["prettier", "--check", ".", "--cache", "--cache-strategy", "content"],
                    ...["--cache-location", join(CACHE, "prettier.json")],
                ],
            },
            {
                name: "type check",
                command: [
                    ...["tsc", "-p", "tsconfig.json", "--incremental"],
                    ...["--tsBuildInfoFile", join(CACHE, "tsc.json")],
                ],
            },
            { name: "nothing is unused", command: ["knip"] },
            { name: "generated files are fresh", command: ["tsx", "config/generate.ts", "--check"] },
        ],
    },
    { name: "unit", directory: "tests/unit" },
    { name: "cli", directory: "tests/cli" },
    { name: "policies", directory: "tests/policies" },
    { name: "browser", directory: "tests/browser", prepare: [join(ROOT, "scripts/setup-chromium.sh")] },
    { name: "manifests", directory: "tests/manifests" },
    { name: "engine", directory: "tests/engine", serial: true, prepare: IMAGES, lane: "docker" },
    { name: "e2e:docker", directory: "tests/e2e/docker", serial: true, prepare: IMAGES, lane: "docker" },
    // Each file has a network and volumes of its own.
    { name: "e2e:backup", directory: "tests/e2e/backup", prepare: IMAGES, lane: "docker" },
    {
        name: "e2e:kubernetes",
        directory: "tests/e2e/kubernetes",
        // They add kinds to the API, take them away again, and drain the node. The others have namespaces and node ports of their own.
        alone: ["cloudnative-pg", "external-secrets", "running"],
        prepare: IMAGES,
        lane: "cluster",
        service: { isUp: [...CLUSTER, "status"], up: [...CLUSTER, "up"], down: [...CLUSTER, "down"] },
    },
];
