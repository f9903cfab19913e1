import { ADVICE } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { footprintOf, wholeStackRule } from "./footprint";
import { HOURS_A_MONTH, PRICES } from "./prices";

export default wholeStackRule({
    id: "GW-STK-002",
    slug: "cost",
    title: "A stack costs no more a month than its environment is meant to",
    why: "A replica too many, or a disk ten times as large, is seen on the bill, a month later.",
    remedy: "Lower limits, replicas or sizes, or raise the setting dollars. How the estimate is made: policies/stack/prices.ts.",
    severity: "low",
    levels: ADVICE,
    references: soc2("A1.1"),
    settings: {
        dollars: {
            description: "Most that the estimate may be, in US dollars a month.",
            default: { dev: 500, staging: 2500, prod: 6000 },
        },
    },
    check({ stack }, report, { settings }) {
        const { cpu, memoryGiB, storageGiB, loadBalancers, keys } = footprintOf(stack, report);
        const hourly =
            cpu * PRICES.cpuHour + memoryGiB * PRICES.memoryGiBHour + loadBalancers * PRICES.loadBalancerHour;
        const dollars = hourly * HOURS_A_MONTH + storageGiB * PRICES.storageGiBMonth + keys * PRICES.keyMonth;
        if (dollars > settings.dollars) {
            report(
                "",
                `must cost at most ${settings.dollars} dollars a month, and is estimated at ${Math.ceil(dollars)}`,
            );
        }
    },
});
