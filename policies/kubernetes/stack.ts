/** Objects of Kubernetes among others: for what is only seen by looking at several. */
import { MalformedError } from "../core/raw";
import { remember } from "../core/remember";
import type { Stack } from "../core/resource";
import { ruleFor } from "../core/rule";
import type { Definition, StackRule, StackUnit } from "../core/rule";
import type { SettingsSchema } from "../core/settings";
import type { KubernetesObject, Pod } from "./objects";
import { kindOf, objectOf, podIn } from "./objects";
import { namespaceOf } from "./workloads";

/** All objects of a stack. */
export class Objects {
    private readonly byKind = new Map<string, KubernetesObject[]>();
    private found: readonly Pod[] | undefined;

    constructor(stack: Stack) {
        for (const resource of stack.resources) {
            if (!kindOf(resource.type)) continue;
            const object = objectOf(resource);
            const kind = qualifiedKind(object);
            const others = this.byKind.get(kind);
            if (others) others.push(object);
            else this.byKind.set(kind, [object]);
        }
    }

    /** Of one of these kinds: `apps/Deployment`, `Service`. */
    of(kinds: readonly string[]): KubernetesObject[] {
        return kinds.flatMap((kind) => this.byKind.get(kind) ?? []);
    }

    /** Of one of these kinds, in the namespace of another. */
    beside(object: KubernetesObject, kinds: readonly string[]): KubernetesObject[] {
        const namespace = namespaceOf(object);
        return this.of(kinds).filter((other) => readable(() => namespaceOf(other)) === namespace);
    }

    /** Every pod and pod template. One that cannot be read is none that anything finds. @throws UnknownValueError for one that is not known */
    get pods(): readonly Pod[] {
        this.found ??= [...this.byKind.values()].flat().flatMap((object) => readable(() => podIn(object)) ?? []);
        return this.found;
    }
}

/** What a malformed part of another object has to say: nothing. Its own rules report it. */
export function readable<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof MalformedError) return undefined;
        throw error;
    }
}

function qualifiedKind({ group, kind }: KubernetesObject): string {
    return group === "" ? kind : `${group}/${kind}`;
}

const objectsOf = remember((stack: Stack) => new Objects(stack));

export interface ObjectInStack extends StackUnit {
    readonly object: KubernetesObject;
    readonly objects: Objects;
}

/** Looks at objects of some kinds, with all others at hand. */
export function amongObjectsRule<S extends SettingsSchema = Record<never, never>>(
    definition: Definition<ObjectInStack, S> & { kinds: readonly string[] },
): StackRule {
    const { kinds, ...rest } = definition;
    return ruleFor<ObjectInStack>({
        scope: "stack",
        units: (stack) => {
            const objects = objectsOf(stack);
            const units = objects.of(kinds).map((object) => ({ path: "", resource: object.resource, object, objects }));
            return { units, unknown: [], malformed: [] };
        },
    })(rest);
}
