import { ADVICE } from "../../core/rule";
import { containerRule } from "../objects";
import { checkRequest } from "./resources";

export default containerRule({
    id: "GW-K8S-025",
    slug: "ephemeral-storage-request",
    title: "Containers request ephemeral storage",
    why: "Without a request it may come to a node whose disk is full, from which it is evicted first.",
    remedy: "Set resources.requests.ephemeral-storage to what it usually needs.",
    severity: "low",
    levels: ADVICE,
    references: [],
    check(container, report) {
        checkRequest(container, "ephemeral-storage", report);
    },
});
