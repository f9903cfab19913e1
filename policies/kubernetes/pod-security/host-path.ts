import { hasAt, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { pss } from "../../frameworks/pss";
import { podRule } from "../objects";

export default podRule({
    id: "GW-K8S-006",
    slug: "host-path",
    title: "Pods mount no path of their node",
    why: "A path of the node's is where the node keeps its kubelet's credentials, its runtime's socket and other pods' secrets; what is written there outlives the pod.",
    remedy: "Take a PersistentVolumeClaim, an emptyDir, a ConfigMap or a Secret.",
    severity: "high",
    levels: ALWAYS,
    references: [...pss("baseline/hostPathVolumes"), ...cisKubernetes("5.2.12")],
    check({ spec }, report) {
        report.eachMap(listAt(spec, "volumes"), "spec.volumes", (volume, at) => {
            if (hasAt(volume, "hostPath")) report(`${at}.hostPath`, "must not be there");
        });
    },
});
