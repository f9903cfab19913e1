import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { amountAt } from "./resources";

export default containerRule({
    id: "GW-K8S-029",
    slug: "resource-caps",
    title: "Containers stay within what their environment has",
    why: "A limit that no node of the environment can give away leaves the pod pending, or starves all others.",
    remedy: "Lower resources, or raise the cap in the policy configuration together with the nodes.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    settings: {
        cpu: { description: "Most CPUs of one container", default: { dev: 4, staging: 8, prod: 16 } },
        memoryGiB: { description: "Most memory of one container, in GiB", default: { dev: 8, staging: 32, prod: 64 } },
    },
    check(container, report, { settings }) {
        const most = { cpu: settings.cpu, memory: settings.memoryGiB * 2 ** 30 };
        for (const of of ["requests", "limits"] as const) {
            for (const resource of ["cpu", "memory"] as const) {
                report.attempt(() => {
                    const amount = amountAt(container, of, resource);
                    if (amount !== undefined && !(amount <= most[resource])) {
                        const cap = resource === "cpu" ? `${settings.cpu} CPUs` : `${settings.memoryGiB} GiB`;
                        report(`resources.${of}.${resource}`, `must be a quantity of at most ${cap}`);
                    }
                });
            }
        }
    },
});
