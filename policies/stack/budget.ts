import { FROM_STAGING } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { footprintOf, wholeStackRule } from "./footprint";

export default wholeStackRule({
    id: "GW-STK-001",
    slug: "budget",
    title: "Everything that a stack runs fits into what its environment has",
    why: "Each limit alone looks right. Together, and with every replica that an autoscaler makes, they may be more than there is, and the last to start does not.",
    remedy: "Lower limits or replicas, or raise the settings cpus and memoryGiB to what the environment really has.",
    severity: "medium",
    levels: FROM_STAGING,
    references: soc2("A1.1"),
    settings: {
        cpus: {
            description: "Processors that all limits may add up to.",
            default: { dev: 16, staging: 64, prod: 128 },
        },
        memoryGiB: {
            description: "Memory that all limits may add up to, in GiB.",
            default: { dev: 16, staging: 128, prod: 256 },
        },
    },
    check({ stack }, report, { settings }) {
        const { cpu, memoryGiB } = footprintOf(stack, report);
        if (cpu > settings.cpus) {
            report("", `must take at most ${settings.cpus} processors, and takes ${rounded(cpu)}`);
        }
        if (memoryGiB > settings.memoryGiB) {
            report("", `must take at most ${settings.memoryGiB} GiB of memory, and takes ${rounded(memoryGiB)}`);
        }
    },
});

function rounded(amount: number): string {
    return String(Math.round(amount * 10) / 10);
}
