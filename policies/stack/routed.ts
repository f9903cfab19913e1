import { textAt } from "../core/raw";
import { ALWAYS } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { platformServiceRule } from "./platform";

export default platformServiceRule({
    id: "GW-STK-009",
    slug: "routed",
    title: "Services have a route through the edge, or say why none leads to them",
    why: "A service that nobody reaches is one that somebody forgot, or it is reached past the edge, its TLS and its log.",
    remedy: "Add a route to the edge in the system's data, or say in the service's data why there is none: unrouted.",
    severity: "low",
    levels: ALWAYS,
    references: soc2("CC6.6"),
    check({ raw }, report) {
        const said = textAt(raw, "url") ?? textAt(raw, "unrouted") ?? "";
        if (said.trim() === "") report("", "must have a route, or say why it has none");
    },
});
