import { asText, join, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { secretWords } from "../../core/secret-words";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

/** What of a container is a command line: its own, and those of its probes and hooks. */
const LINES = [
    ...[["command"], ["args"]],
    ...["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => [probe, "exec", "command"]),
    ...["postStart", "preStop"].map((hook) => ["lifecycle", hook, "exec", "command"]),
];

export default containerRule({
    id: "GW-K8S-041",
    slug: "secret-in-args",
    title: "No secret is written into a command line",
    why: "Whoever may see the pod reads it, and so does every process on the node.",
    remedy: "Mount it as a file and have the program read that.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisKubernetes("5.4.1")],
    check({ raw }, report) {
        for (const keys of LINES) {
            report.attempt(() => {
                const list = listAt(raw, ...keys);
                const at = join(...keys);
                report.each(list, at, asText);
                for (const n of secretWords(list)) report(`${at}[${n}]`, "looks like a secret in the clear");
            });
        }
    },
});
