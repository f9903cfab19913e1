/** What people call a resource, from its URN: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
interface UrnParts {
    stack: string;
    /** Full token, e.g. `docker:index/container:Container`. */
    type: string;
    /** Short for people, e.g. `docker:Container`. */
    shortType: string;
    name: string;
}

export function parseUrn(urn: string): UrnParts {
    const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
    if (!match) return { stack: "", type: "", shortType: "", name: urn };
    const type = match[3]!.slice(match[3]!.lastIndexOf("$") + 1);
    return { stack: match[1]!, type, shortType: shortType(type), name: match[4]! };
}

/** `docker:index/container:Container` → `docker:Container`; `groundwork:stores:Postgres` → `groundwork:Postgres`. */
function shortType(type: string): string {
    const parts = type.split(":");
    return parts.length === 3 ? `${parts[0]}:${parts[2]}` : type;
}
