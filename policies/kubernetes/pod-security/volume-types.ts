import { hasAt, join, keyIn, listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { pss } from "../../frameworks/pss";
import { podRule } from "../objects";

const ALLOWED = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

export default podRule({
    id: "GW-K8S-014",
    slug: "volume-types",
    title: "Pods mount volumes that the cluster manages",
    why: "Volumes that name a server or a disk go past the claims by which storage is given out, encrypted and freed.",
    remedy: "Take a PersistentVolumeClaim.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...pss("restricted/volumeTypes")],
    check({ spec }, report) {
        report.eachMap(listAt(spec, "volumes"), "spec.volumes", (volume, at) => {
            // Without a type it is an emptyDir. A path of the node is a matter of its own, and a graver one: GW-K8S-006.
            const types = Object.keys(volume).filter(
                (key) => key !== "name" && key !== "hostPath" && hasAt(volume, key),
            );
            for (const type of types.filter((key) => !ALLOWED.includes(key))) {
                report(join(at, keyIn(type)), `must be one of ${ALLOWED.join(", ")}`);
            }
        });
    },
});
