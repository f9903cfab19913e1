import { ALWAYS } from "../../core/rule";
import { objectRule } from "../objects";
import { whenRemoved } from "./removals";

export default objectRule({
    id: "GW-K8S-062",
    slug: "removed-api",
    title: "No object is of an API that is gone",
    why: "A cluster that is new enough refuses it.",
    remedy: "Take the version that replaces it.",
    severity: "high",
    levels: ALWAYS,
    references: [],
    kinds: "all",
    check({ group, version, kind }, report) {
        const removed = whenRemoved(group, version, kind);
        if (removed) report("apiVersion", `is gone since Kubernetes ${removed.release}: take ${removed.instead}`);
    },
});
