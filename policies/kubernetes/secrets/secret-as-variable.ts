import { hasAt, listAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-043",
    slug: "secret-as-variable",
    title: "Secrets reach containers as files",
    why: "A variable is inherited by each process that the program starts, shown by each crash report, and stays what it was when the secret is changed.",
    remedy: "Mount the Secret as a volume and have the program read the file.",
    severity: "low",
    levels: ADVICE,
    references: [...cisKubernetes("5.4.1")],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "env"), "env", (variable, at) => {
            if (hasAt(variable, "valueFrom", "secretKeyRef"))
                report(`${at}.valueFrom.secretKeyRef`, "must be a mounted file");
        });
        report.eachMap(listAt(raw, "envFrom"), "envFrom", (source, at) => {
            if (hasAt(source, "secretRef")) report(`${at}.secretRef`, "must be a mounted file");
        });
    },
});
