/** OpenCode-Zed ACP's data against a transcript of its "Operational Procedures Manual", section by section. */
import { describe } from "vitest";

import { SYSTEMS } from "../../../systems";
import { inEnvironment } from "../../../systems/types";
import { alertFacts, backup, cron, everywhere, fact, objectiveFacts, pace, secret, service, set } from "./fact";

const system = SYSTEMS["opencode-acp"];
const acp = service(system, "acp");
const postgres = system.stores.postgres!;
const path = (volume: string): string | undefined => acp.mounts.find((one) => one.volume === volume)?.path;

describe("System Health Checks: Verify Service Availability", () => {
    const probe = inEnvironment(acp.health, "prod");
    const initialize = system.smoke.deep.find((one) => one.name === "initialize");
    fact("port 3000", acp.port, 3000);
    fact("curl http://localhost:3000/acp", probe.kind === "http" && [probe.client, probe.port, probe.path], [
        "curl",
        3000,
        "/acp",
    ]);
    fact("from outside too", [system.smoke.health.service, system.smoke.health.path], ["acp", "/acp"]);
    fact("POST /acp", [initialize?.method, initialize?.path], ["POST", "/acp"]);
    fact("initialize, JSON-RPC 2.0, id 1, protocolVersion 1", initialize?.body, {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: 1 },
    });
    fact("answers in JSON-RPC 2.0 to id 1", initialize?.expect, {
        jsonrpc: "2.0",
        id: 1,
        result: { protocolVersion: 1 },
    });
    fact("everything reaches the one service", system.edge.routes, [{ service: "acp" }]);
    fact("silent on its pace: OpenCode's", pace(probe), [30, 10, 3]);
    fact("one systemd unit", [everywhere(acp.replicas), acp.maxReplicas], [[1, 1, 1], 1]);
});

describe("System Health Checks: Monitor Performance Metrics", () => {
    const prod = inEnvironment(acp.resources, "prod");
    fact("memory usage < 500MB is kept for it", prod.memoryReservationMiB, 500);
    fact("CPU usage < 30% is kept for it", prod.cpuReservation, 0.3);
    fact("500 MB are not yet what it warns of (80 %)", 500 < 0.8 * prod.memoryLimitMiB, true);
});

describe("Configuration Backup", () => {
    fact("/etc/opencode/", path("configuration"), "/etc/opencode");
    fact("daily", cron(system, "configuration", "daily"), "0 1 * * *");
    fact("keep last 30 days", backup(system, "configuration").retention.localDays, 30);
    fact("is verified", backup(system, "configuration").method.includes("verify"), true);
});

describe("Data Backup", () => {
    for (const store of ["postgres", "sessions", "logs"]) {
        fact(`${store}: weekly, Sundays 2:00 AM`, cron(system, store, "weekly"), "0 2 * * 0");
        fact(`${store}: keep local backups 7 days`, backup(system, store).retention.localDays, 7);
        fact(`${store}: encrypted and uploaded`, backup(system, store).method.endsWith("encrypted, uploaded"), true);
        fact(`${store}: s3://opencode-backups/`, backup(system, store).bucket, "opencode-backups");
    }
    fact("pg_dump", backup(system, "postgres").method.startsWith("pg_dump"), true);
    fact("opencode_db", postgres.database, "opencode_db");
    fact("/var/lib/opencode/sessions/", path("sessions"), "/var/lib/opencode/sessions");
    fact("sessions are persistent, so daily too", cron(system, "sessions", "daily"), "0 1 * * *");
    fact("/var/log", path("logs"), "/var/log");
    fact("logs of the last 30 days", backup(system, "logs").method.includes("last 30 days"), true);
});

describe("Log Management", () => {
    fact("/var/log/opencode-acp.log", system.logs.files.includes("/var/log/opencode-acp.log"), true);
    fact("the service is told so", set(acp, "LOG_FILE", "prod"), "/var/log/opencode-acp.log");
    fact("rotate 30", system.logs.maxFiles, 30);
    fact("daily, so 30 days", system.logs.retentionDays["application"], 30);
    fact("File System Maintenance: archives go after 90 days", system.logs.retentionDays["archived"], 90);
});

describe("Performance Monitoring: Database Performance", () => {
    fact("pg_stat_statements", postgres.extensions, ["pg_stat_statements"]);
    fact("is loaded", postgres.settings["shared_preload_libraries"], "pg_stat_statements");
    fact("the connection string leads there", secret(system, "DATABASE_URL").shape, {
        kind: "derived",
        template: "postgresql://opencode:{password:postgres}@postgres:5432/opencode_db",
    });
});

describe("Performance Monitoring: Network Performance", () => {
    fact("calls api.anthropic.com", acp.outbound, true);
    fact("its key is an outsider's and no must", secret(system, "ANTHROPIC_API_KEY").required, false);
});

describe("Alert Rules", () => {
    alertFacts(system, [
        ["HighCPUUsage", "cpu_usage_percent > 80", 5 * 60, "warning", "High CPU usage detected"],
        ["ServiceDown", 'up{job="opencode-acp"} == 0', 60, "critical", "OpenCode ACP service is down"],
    ]);
});

describe("Key Metrics to Monitor", () => {
    alertFacts(system, [
        ["CPUUsageCritical", "CPU usage > 90%", 300, "critical"],
        ["MemoryHigh", "Memory usage > 80%", 300, "warning"],
        ["MemoryCritical", "Memory usage > 90%", 300, "critical"],
        ["DiskSpaceHigh", "Disk space > 85%", 300, "warning"],
        ["DiskSpaceCritical", "Disk space > 95%", 300, "critical"],
        ["PacketLoss", "packet loss > 1%", 300, "warning"],
        ["ResponseTimeHigh", "Response time > 500ms", 300, "warning"],
        ["ResponseTimeCritical", "Response time > 2000ms", 300, "critical"],
        ["ErrorRateHigh", "Error rate > 1%", 300, "warning"],
        ["ErrorRateCritical", "Error rate > 5%", 300, "critical"],
        ["SessionsHigh", "Active sessions > 80% of limit", 300, "warning"],
        ["ToolFailures", "Tool execution failures > 10%", 300, "warning"],
        ["SatisfactionLow", "User satisfaction scores < 4.0", 86400, "warning"],
        ["FeatureUsageLow", "Feature usage < 50% of expected", 86400, "warning"],
        ["SlaCompliance", "SLA compliance < 99.5%", 86400, "warning"],
    ]);
});

describe("where the document is silent", () => {
    objectiveFacts(system, [
        ["service-crash", 5, 0],
        ["database-corruption", 30, 60],
        ["complete-loss", 4 * 60, 24 * 60],
        ["infrastructure-failure", 2 * 60, 24 * 60],
    ]);
    for (const one of system.objectives) {
        fact(`${one.scenario} says that it is OpenCode's`, one.source.startsWith("Taken over from OpenCode"), true);
    }
    fact("it has no migrations", system.migrations, []);
    fact("and no Redis", system.stores.redis, undefined);
});
