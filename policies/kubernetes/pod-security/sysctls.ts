import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { pss } from "../../frameworks/pss";
import { podRule } from "../objects";

/** As of Kubernetes 1.37. */
const SAFE: ReadonlySet<string> = new Set([
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
]);

export default podRule({
    id: "GW-K8S-013",
    slug: "sysctls",
    title: "Pods set only sysctls that are their own",
    why: "Other sysctls change the node's kernel for everybody on it, or switch a protection off.",
    remedy: "Remove what is not one of the safe ones.",
    severity: "medium",
    levels: ALWAYS,
    references: [...pss("baseline/sysctls")],
    check({ spec }, report) {
        report.eachMap(listAt(spec, "securityContext", "sysctls"), "spec.securityContext.sysctls", (sysctl, at) => {
            const name = textAt(sysctl, "name") ?? "";
            if (!SAFE.has(name))
                report(`${at}.name`, `must be one of the safe sysctls, and is ${name === "" ? "missing" : name}`);
        });
    },
});
