import { asText, listAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { pss } from "../../frameworks/pss";
import { containerRule, isWindows } from "../objects";
import { DEFAULT_CAPABILITIES } from "./capabilities";

export default containerRule({
    id: "GW-K8S-018",
    slug: "dropped-capabilities",
    title: "Containers drop all capabilities",
    why: "The default ones let a container change owners, forge files and send raw packets; hardly any program needs one.",
    remedy: "Set securityContext.capabilities.drop: [ALL], and add NET_BIND_SERVICE where a port below 1024 is needed.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...pss("restricted/capabilities"), ...cisKubernetes("5.2.8", "5.2.10")],
    check({ pod, raw }, report) {
        const path = "securityContext.capabilities";
        const wrong: [at: string, message: string][] = [];
        report.attempt(() => {
            const dropped = listAt(raw, "securityContext", "capabilities", "drop");
            if (!dropped.includes("ALL")) wrong.push([`${path}.drop`, "must have ALL in it"]);
        });
        report.each(listAt(raw, "securityContext", "capabilities", "add"), `${path}.add`, (item, at) => {
            const added = asText(item, at);
            // What is not even a default one is a matter of its own: GW-K8S-005.
            if (added !== "NET_BIND_SERVICE" && DEFAULT_CAPABILITIES.has(added))
                wrong.push([at, `must not be ${added}`]);
        });
        if (wrong.length === 0 || isWindows(pod)) return;
        for (const [at, message] of wrong) report(at, message);
    },
});
