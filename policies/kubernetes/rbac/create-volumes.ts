import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { grantRule, grants } from "./grants";

export default grantRule({
    id: "GW-K8S-091",
    slug: "create-volumes",
    title: "Roles do not make persistent volumes",
    why: "A PersistentVolume can be a path of a node: who makes one reads and writes the node.",
    remedy: "Let it make claims, and have the storage class make the volumes.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisKubernetes("5.1.9")],
    check(grant, report) {
        if (grants(grant, "", ["persistentvolumes"], ["create"]))
            report("resources", "must not allow creating persistent volumes");
    },
});
