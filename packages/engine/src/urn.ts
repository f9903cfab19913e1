/** Uniform resource names: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

export function makeUrn(
    stack: string,
    project: string,
    parent: string | undefined,
    type: string,
    name: string,
): string {
    const parentType = parent ? qualifiedType(parent) : STACK_TYPE;
    return `urn:pulumi:${stack}::${project}::${parentType === STACK_TYPE ? "" : `${parentType}$`}${type}::${name}`;
}

/** Type with the types of its parents. */
export function qualifiedType(urn: string): string {
    return urn.split("::")[2] ?? "";
}

export function typeOf(urn: string): string {
    const type = qualifiedType(urn);
    return type.slice(type.lastIndexOf("$") + 1);
}

/** Logical name; it may itself hold `::`. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

export function isProviderType(type: string): boolean {
    return type.startsWith(PROVIDER_PREFIX);
}

/** The package a type token belongs to; of a provider resource: the package that it provides. */
export function packageOf(type: string): string {
    return isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : (type.split(":")[0] ?? type);
}

export function providerType(pkg: string): string {
    return PROVIDER_PREFIX + pkg;
}

/** A default provider is the engine's own: it is not shown and not counted. */
export function isDefaultProvider(urn: string): boolean {
    return isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default");
}

/** Provider references are `<urn>::<id>`. */
export function providerUrn(reference: string): string {
    return reference.slice(0, reference.lastIndexOf("::"));
}
