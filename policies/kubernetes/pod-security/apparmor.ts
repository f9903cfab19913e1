import { hasAt, join, keyIn, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { annotationsOf, securityContextRule } from "../objects";

const TYPES = new Set<string | undefined>(["RuntimeDefault", "Localhost"]);

/** Before Kubernetes 1.30 had a field for it; followed by the container's name. */
const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export default securityContextRule({
    id: "GW-K8S-009",
    slug: "apparmor",
    title: "Pods keep their AppArmor profile",
    why: "Unconfined, the container is without the profile that keeps it from mounting, tracing and writing to /proc and /sys.",
    remedy: "Remove the profile, or make it RuntimeDefault or Localhost.",
    severity: "medium",
    levels: ALWAYS,
    references: [...pss("baseline/appArmor"), ...nsa("1.9")],
    check({ pod, container, raw }, report) {
        report.attempt(() => {
            if (hasAt(raw, "appArmorProfile") && !TYPES.has(textAt(raw, "appArmorProfile", "type"))) {
                report("appArmorProfile.type", "must be RuntimeDefault or Localhost");
            }
        });
        if (container) return;
        const annotations = annotationsOf(pod.raw);
        for (const key of Object.keys(annotations).filter((name) => name.startsWith(ANNOTATION))) {
            report.attempt(() => {
                const profile = textAt(annotations, key) ?? "";
                if (profile === "" || profile === "runtime/default" || profile.startsWith("localhost/")) return;
                report(
                    `/${join(pod.path, "metadata.annotations", keyIn(key))}`,
                    "must be runtime/default or localhost/…",
                );
            });
        }
    },
});
