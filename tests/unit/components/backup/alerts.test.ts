/** What tells that a backup is late: over metrics that there are. Cannot prove: that Prometheus fires it. */
import { describe, expect, test } from "vitest";

import { lateAlert, prometheusRules } from "../../../../components/backup/alerts";
import { Platform } from "../../../../components/platform";
import { parseConfig } from "../../../../packages/backup/src/config";
import { metricsText } from "../../../../packages/backup/src/metrics";
import { deployedSystem } from "../../../../systems";
import { scheduledBackups } from "../../../../systems/backup";
import { SYSTEM_KEYS } from "../../../../systems/types";
import { kubernetesTarget } from "../../targets/kubernetes/fixtures";
import { DEV_BACKUPS, platform, stackConfig } from "../fixtures";
import { record } from "../harness";

const identity = {
    stack: "shop-prod",
    prefix: "gw-shop-prod",
    system: "debt-os",
    environment: "prod",
    version: "1",
} as const;
const runs = ["backup-redis-hourly", "backup-redis-daily"];

/** The metrics that an expression is about. */
function metricsOf(expr: string): string[] {
    return [...new Set([...expr.matchAll(/(\w+\{[^}]*\})/g)].map(([, metric = ""]) => metric))];
}

describe("an alert of a store", () => {
    test("asks on Docker for what the toolbox measures", () => {
        const schedules = [{ name: "hourly", cron: "0 * * * *", kind: "snapshot" }];
        const config = parseConfig(
            JSON.stringify({
                version: 1,
                stack: identity.stack,
                system: "shop",
                release: "1",
                repository: { kind: "directory", path: "/r", passwordFile: "/p" },
                stores: { redis: { driver: "redis", host: "redis", schedules, retention: { days: 7 } } },
            }),
            "test",
        );
        const history = { "redis/hourly": { lastStart: 900, lastSuccess: 1000, failures: 0 } };
        const { expr } = lateAlert({ store: "redis", runs }, { kind: "docker", identity }, 3600);
        const [metric, ...others] = metricsOf(expr);
        expect(others).toEqual([]);
        const measured = metricsText(config, history as never, [], new Date(2_000_000));
        expect(measured).toContain(metric!.replace("}", ',tier="hourly"} 1000'));
    });

    test("tells half an hour after an hour may be lost, and a tenth of a day after a day", () => {
        const after = (point: number) =>
            lateAlert({ store: "a", runs }, { kind: "docker", identity }, point).afterSeconds;
        expect([after(3600), after(24 * 3600)]).toEqual([5400, 24 * 3600 + 8640]);
    });

    test("tells too that there has never been a backup", () => {
        const { expr } = lateAlert({ store: "redis", runs }, { kind: "kubernetes", identity }, 3600);
        const [metric] = metricsOf(expr);
        expect(expr).toBe(`(time() - max(${metric}) > 5400) or absent(${metric})`);
    });
});

describe.each(SYSTEM_KEYS)("the alerts of %s", (key) => {
    const config = stackConfig(key, { backup: DEV_BACKUPS });
    const stores = scheduledBackups(deployedSystem(config)).map(({ store }) => store);

    test("are one for each store that is backed up, on Docker", async () => {
        const [made] = await record(() => platform(config));
        const rules = made.alerts.groups.flatMap(({ rules }) => rules);
        expect(rules.map(({ labels }) => labels.store).sort()).toEqual([...stores].sort());
    });

    test("name CronJobs that there are, on Kubernetes", async () => {
        const [made, recording] = await record(
            () =>
                new Platform("gw-test", {
                    system: deployedSystem(config),
                    config: { ...config, target: "kubernetes" },
                    target: kubernetesTarget(),
                    localImageRef: (name) => name,
                }),
        );
        const jobs = recording.ofType("kubernetes:batch/v1:CronJob").map(({ name }) => name);
        const rules = made.alerts.groups.flatMap(({ rules }) => rules);
        const named = rules.flatMap(({ expr }) => /cronjob=~"([^"]*)"/.exec(expr)![1]!.split("|"));
        expect(rules).toHaveLength(stores.length);
        expect(named.sort()).toEqual(jobs.filter((name) => name !== "backup-prune").sort());
        expect(rules[0]!.expr).toContain('namespace="gw-test"');
    });
});

test("a stack that is not backed up has none, which Prometheus takes too", () => {
    expect(prometheusRules([], identity)).toEqual({ groups: [] });
});
