import { asText, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { givesSecretAway, isSecretLiteral } from "../../core/secret-looking";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { containerRule } from "../objects";

/** `--password=x` */
const OPTION = /^--?([\w-]+)=(\S+)$/;

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
        for (const key of ["command", "args"]) {
            report.attempt(() => {
                report.each(listAt(raw, key), key, (item, at) => {
                    const argument = asText(item, at);
                    const [, name = "", value = ""] = OPTION.exec(argument) ?? [];
                    if (givesSecretAway(argument) || isSecretLiteral(name, value))
                        report(at, "looks like a secret in the clear");
                });
            });
        }
    },
});
