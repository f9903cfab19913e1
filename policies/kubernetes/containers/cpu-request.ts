import { FROM_STAGING } from "../../core/rule";
import { containerRule } from "../objects";
import { checkRequest } from "./resources";

export default containerRule({
    id: "GW-K8S-023",
    slug: "cpu-request",
    title: "Containers request CPU",
    why: "Without a request the scheduler thinks that it needs none, puts it on a node that has none to give, and the kernel gives it what is left.",
    remedy: "Set resources.requests.cpu to what it usually needs.",
    severity: "low",
    levels: FROM_STAGING,
    references: [],
    check(container, report) {
        checkRequest(container, "cpu", report);
    },
});
