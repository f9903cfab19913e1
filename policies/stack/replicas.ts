import { numberAt, textAt } from "../core/raw";
import { PROD_ONLY } from "../core/rule";
import { CONTAINER } from "../docker/containers";
import { soc2 } from "../frameworks/soc2";
import { platformServiceRule } from "./platform";

export default platformServiceRule({
    id: "GW-STK-012",
    slug: "replicas",
    title: "In prod more than one of each service runs on Docker, or it says why one is enough",
    why: "One that is replaced, or fails, is one that does not answer. On Kubernetes GW-K8S-050 asks for the same of what makes pods.",
    remedy: "Set groundwork:services.<service>.replicas to 2 or more, or say in the service's data why one is enough: single.",
    severity: "medium",
    levels: PROD_ONLY,
    references: soc2("A1.1", "A1.2"),
    check({ stack, raw }, report) {
        if (!stack.resources.some(({ type }) => type === CONTAINER)) return;
        const single = textAt(raw, "single") ?? "";
        if ((numberAt(raw, "replicas") ?? 1) < 2 && single.trim() === "") {
            report("replicas", "must be 2 or more, or it must say why one is enough");
        }
    },
});
