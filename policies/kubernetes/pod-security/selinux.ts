import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { securityContextRule } from "../objects";

const TYPES: ReadonlySet<string> = new Set([
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
]);

export default securityContextRule({
    id: "GW-K8S-010",
    slug: "selinux",
    title: "Pods keep the SELinux context of containers",
    why: "Another type, user or role can be one that is allowed what containers are not.",
    remedy: "Remove seLinuxOptions.user and role; type, if any, is container_t or one of its kind.",
    severity: "medium",
    levels: ALWAYS,
    references: [...pss("baseline/seLinux"), ...nsa("1.8")],
    check({ raw }, report) {
        report.attempt(() => {
            if (!TYPES.has(textAt(raw, "seLinuxOptions", "type") ?? "")) {
                report("seLinuxOptions.type", `must be one of ${[...TYPES].filter((type) => type !== "").join(", ")}`);
            }
        });
        for (const key of ["user", "role"]) {
            report.attempt(() => {
                if ((textAt(raw, "seLinuxOptions", key) ?? "") !== "")
                    report(`seLinuxOptions.${key}`, "must not be set");
            });
        }
    },
});
