import { defineConfig } from "vitest/config";

export default defineConfig({
    test: {
        include: ["**/*.test.ts"],
        exclude: ["**/node_modules/**"],
        dir: "tests",
        setupFiles: ["./tests/setup.ts"],
        reporters: ["default", "./tests/reporter.ts"],
        // Loading Pulumi's SDK takes longer than most files' tests.
        isolate: false,
        // Two cores are the smallest machine that the suites are meant for.
        maxWorkers: 2,
        testTimeout: 20_000,
        hookTimeout: 60_000,
    },
});
