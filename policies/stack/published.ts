import { asMap, hasAt, listAt, mapAt, type Raw, textAt } from "../core/raw";
import type { Resource, Stack } from "../core/resource";
import { FROM_STAGING, ruleFor, type StackUnit } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { CONTAINER } from "../docker/containers";
import { kindOf } from "../kubernetes/objects";

interface Published extends StackUnit {
    readonly resource: Resource;
}

const COMPONENT = "app.kubernetes.io/component";
const DOCKER_COMPONENT = "dev.groundwork.component";

export default ruleFor<Published>({
    scope: "stack",
    units: (stack) => ({ units: publishable(stack), unknown: [], malformed: [] }),
})({
    id: "GW-STK-003",
    slug: "published",
    title: "Only a stack's edge is reached from outside",
    why: "What is published beside the edge is reached past its TLS, its authentication and its log: a database's port is found within hours.",
    remedy: `Let the edge route to it. What is an edge says so by its label, ${DOCKER_COMPONENT} on Docker and ${COMPONENT} on Kubernetes, and in the setting edges.`,
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("CC6.6"),
    settings: { edges: { description: "Components that may be published.", default: ["edge"] } },
    check({ resource }, report, { settings }) {
        const { props, type } = resource;
        if (type === CONTAINER) {
            if (listAt(props, "ports").length > 0 && !settings.edges.includes(labelOf(props) ?? "")) {
                report("ports", "must not be published: it is no edge");
            }
            return;
        }
        const kind = textAt(props, "spec", "type") ?? "ClusterIP";
        const outside = kind === "LoadBalancer" || kind === "NodePort" || hasAt(props, "spec", "externalIPs");
        const component = textAt(mapAt(props, "metadata", "labels"), COMPONENT) ?? "";
        if (outside && !settings.edges.includes(component)) report("spec.type", "must be ClusterIP: it is no edge");
    },
});

/** What of a stack can be published; of files nobody says which are one. */
function publishable(stack: Stack): Published[] {
    return stack.resources
        .filter(({ type, urn }) => urn !== undefined && (type === CONTAINER || kindOf(type)?.kind === "Service"))
        .map((resource) => ({ path: "", resource }));
}

function labelOf(props: Raw): string | undefined {
    const labels = listAt(props, "labels").map((item, n) => asMap(item, `labels[${n}]`));
    const found = labels.find((label) => textAt(label, "label") === DOCKER_COMPONENT);
    return found && textAt(found, "value");
}
