import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { podRule } from "../objects";

export default podRule({
    id: "GW-K8S-002",
    slug: "host-namespaces",
    title: "Pods share no namespace with their node",
    why: "In the node's network, process or IPC namespace a container sees and reaches what other pods and the node itself do: traffic that no NetworkPolicy governs, processes and their environment, shared memory.",
    remedy: "Remove hostNetwork, hostPID and hostIPC.",
    severity: "high",
    levels: ALWAYS,
    references: [...pss("baseline/hostNamespaces"), ...cisKubernetes("5.2.3", "5.2.4", "5.2.5"), ...nsa("1.4", "1.5")],
    check({ spec }, report) {
        for (const key of ["hostNetwork", "hostPID", "hostIPC"]) {
            report.attempt(() => {
                if (flagAt(spec, key)) report(`spec.${key}`, "must not be true");
            });
        }
    },
});
