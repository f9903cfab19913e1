/** What a stack of Groundwork's says of itself: the outputs of its platform. */
import { UnitsBuilder } from "../core/check";
import { asMap, join, keyIn, mapAt, placed, type Raw, textAt } from "../core/raw";
import type { Resource, Stack } from "../core/resource";
import { ruleFor, type StackUnit } from "../core/rule";

/** What of a platform is code of its own: stores and the edge are no services. */
const ROLES = ["backend", "frontend", "worker"];

export interface Platform extends StackUnit {
    readonly resource: Resource;
    readonly raw: Raw;
}

/** A service of a platform. */
export interface PlatformService extends Platform {
    readonly stack: Stack;
    readonly name: string;
}

export function platformsOf(stack: Stack): Resource[] {
    return stack.resources.filter(({ type }) => type === "groundwork:platform:Platform");
}

/** Looks at each platform. */
export const platformRule = ruleFor<Platform>({
    scope: "stack",
    units: (stack) => ({
        units: platformsOf(stack).map((resource) => ({ path: "", resource, raw: resource.props })),
        unknown: [],
        malformed: [],
    }),
});

/** Looks at each service of a platform. */
export const platformServiceRule = ruleFor<PlatformService>({
    scope: "stack",
    units: (stack) => {
        const found = new UnitsBuilder<PlatformService>();
        for (const resource of platformsOf(stack)) {
            found.attempt("", () => {
                const services = mapAt(resource.props, "services");
                for (const name of Object.keys(services)) {
                    const path = join("services", keyIn(name));
                    found.attempt("", () => {
                        const raw = placed(asMap(services[name], path), path);
                        if (!ROLES.includes(textAt(raw, "component") ?? "")) return;
                        found.units.push({ path, label: name, stack, resource, raw, name });
                    });
                }
            });
        }
        return found;
    },
});
