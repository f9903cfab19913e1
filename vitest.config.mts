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
        // They end what hangs and measure nothing: beside other work a test takes ten times as long as alone.
        testTimeout: 300_000,
        hookTimeout: 300_000,
        expect: { poll: { timeout: 60_000 } },
    },
});
