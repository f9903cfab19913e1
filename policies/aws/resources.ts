/** Resources of AWS that a rule looks at alone. */
import type { Raw } from "../core/raw";
import type { Resource } from "../core/resource";
import { type Definition, type ResourceRule, ruleFor, type Unit } from "../core/rule";
import type { SettingsSchema } from "../core/settings";

export interface AwsResource extends Unit {
    readonly resource: Resource;
    readonly raw: Raw;
}

/** Looks at resources of some types. */
export function resourceRule<S extends SettingsSchema = Record<never, never>>(
    definition: Definition<AwsResource, S> & { types: readonly string[] },
): ResourceRule {
    const { types, ...rest } = definition;
    return ruleFor<AwsResource>({
        scope: "resource",
        applies: (type) => types.includes(type),
        units: (resource) => ({ units: [{ path: "", resource, raw: resource.props }], unknown: [], malformed: [] }),
    })(rest);
}
