/** Measured values that outlive the process that measured them: one small file each, on the state volume. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Gauge {
    /** Without the prefix that all metrics have. */
    name: string;
    help: string;
    labels: Record<string, string>;
    value: number;
}

const directoryOf = (state: string) => join(state, "gauges");

export function setGauge(state: string, gauge: Gauge): void {
    mkdirSync(directoryOf(state), { recursive: true });
    const file = join(directoryOf(state), `${[gauge.name, ...Object.values(gauge.labels)].join(".")}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(gauge));
    renameSync(`${file}.new`, file);
}

/** By name, so that those of one name are together. */
export function readGauges(state: string): Gauge[] {
    mkdirSync(directoryOf(state), { recursive: true });
    return readdirSync(directoryOf(state))
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => JSON.parse(readFileSync(join(directoryOf(state), name), "utf8")) as Gauge);
}
