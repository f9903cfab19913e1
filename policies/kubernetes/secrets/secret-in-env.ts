import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { isSecretLiteral } from "../../core/secret-looking";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

export default containerRule({
    id: "GW-K8S-040",
    slug: "secret-in-env",
    title: "No secret is written into a variable",
    why: "Whoever may see the pod, its Deployment or the file that it came from reads it: in the API, in Git, in each backup of both.",
    remedy: "Put it into a Secret and mount it as a file, or refer to it with valueFrom.secretKeyRef.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisKubernetes("5.4.1")],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "env"), "env", (variable, at) => {
            const name = textAt(variable, "name") ?? "";
            if (isSecretLiteral(name, textAt(variable, "value") ?? "")) {
                report(`${at}.value`, `looks like a secret in the clear: ${name}`);
            }
        });
    },
});
