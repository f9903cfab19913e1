import { join, keyIn, mapAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { isSecretLiteral } from "../../core/secret-looking";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { objectRule } from "../objects";

/** `password = x`, `"apiKey": "x"`: a line of a file of settings. */
const ASSIGNED = /^[ \t]*(?:export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[=:][ \t]*["']?([^\s"',;]+)["']?[,;]?[ \t]*$/gm;

export default objectRule({
    id: "GW-K8S-042",
    slug: "secret-in-config-map",
    title: "No secret is in a ConfigMap",
    why: "ConfigMaps are read by many more people and programs than Secrets are, and no cluster encrypts them at rest.",
    remedy: "Move it to a Secret.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisKubernetes("5.4.2")],
    kinds: ["ConfigMap"],
    check({ raw }, report) {
        const data = mapAt(raw, "data");
        for (const key of Object.keys(data)) {
            report.attempt(() => {
                const value = textAt(raw, "data", key) ?? "";
                const assigned = value.matchAll(ASSIGNED);
                if (
                    isSecretLiteral(key, value) ||
                    [...assigned].some(([, name = "", set = ""]) => isSecretLiteral(name, set))
                ) {
                    report(join("data", keyIn(key)), "looks like a secret in the clear");
                }
            });
        }
    },
});
