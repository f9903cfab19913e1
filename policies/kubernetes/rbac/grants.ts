/** What a rule of a Role or ClusterRole lets its holder do. */
import { UnitsBuilder } from "../../core/check";
import { asMap, listAt, placed, type Raw } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Resource } from "../../core/resource";
import { ruleFor, type Unit, type Units } from "../../core/rule";
import { kindOf } from "../objects";

/** One rule of a role. */
export interface Grant extends Unit {
    readonly raw: Raw;
}

const grantsOf = remember((resource: Resource): Units<Grant> => {
    const found = new UnitsBuilder<Grant>();
    found.attempt("", () => {
        const list = listAt(resource.props, "rules");
        for (let n = 0; n < list.length; n++) {
            const path = `rules[${n}]`;
            found.attempt("", () => found.units.push({ path, raw: placed(asMap(list[n], path), path) }));
        }
    });
    return found;
});

/** Looks at each rule of Roles and ClusterRoles. */
export const grantRule = ruleFor<Grant>({
    scope: "resource",
    applies: (type) => {
        const kind = kindOf(type);
        return kind?.group === "rbac.authorization.k8s.io" && ["Role", "ClusterRole"].includes(kind.kind);
    },
    units: grantsOf,
});

/**
 * Whether it lets one do one of these verbs to one of these resources of a group. A grant with wildcards for both, or for the one that is
 * asked about, is a matter of its own: GW-K8S-080.
 */
export function grants({ raw }: Grant, group: string, resources: readonly string[], verbs: readonly string[]): boolean {
    const groups = listAt(raw, "apiGroups");
    const named = listAt(raw, "resources");
    const able = listAt(raw, "verbs");
    return (
        (groups.includes(group) || groups.includes("*")) &&
        resources.some((resource) => named.includes(resource) || named.includes(ofEach(resource))) &&
        verbs.some((verb) => able.includes(verb))
    );
}

// As roles name a part of every resource: certificatesigningrequests/approval is in */approval.
function ofEach(resource: string): string {
    return resource.replace(/^[^/]+(?=\/)/, "*");
}

/** Whether it is about some objects by name, not about all of their kind. */
export function isNamed({ raw }: Grant): boolean {
    return listAt(raw, "resourceNames").length > 0;
}
