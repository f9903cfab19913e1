import { defineConfig } from "vitest/config";

export default defineConfig({
    test: {
        include: ["**/*.test.ts"],
        exclude: ["**/node_modules/**"],
        dir: "tests",
        reporters: ["default", "./tests/reporter.ts"],
        // Two cores are the smallest machine that the suites are meant for.
        maxWorkers: 2,
        testTimeout: 20_000,
        hookTimeout: 60_000,
    },
});
