import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisKubernetes } from "../../frameworks/cis-kubernetes";
import { objectRule } from "../objects";

const EVERYBODY: ReadonlySet<string> = new Set([
    "system:anonymous",
    "system:authenticated",
    "system:masters",
    "system:serviceaccounts",
    "system:unauthenticated",
]);

export default objectRule({
    id: "GW-K8S-085",
    slug: "everybody",
    title: "Nothing is allowed to everybody",
    why: "The groups of all users, of the unauthenticated and of all service accounts are people and pods that nobody has thought of. system:masters is past every check.",
    remedy: "Name the users, groups or service accounts.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisKubernetes("5.1.7")],
    kinds: ["rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding"],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "subjects"), "subjects", (subject, at) => {
            if (EVERYBODY.has(textAt(subject, "name") ?? ""))
                report(`${at}.name`, "must not be everybody, or past every check");
        });
    },
});
