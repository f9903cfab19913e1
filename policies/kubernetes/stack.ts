/** Objects of Kubernetes among others: for what is only seen by looking at several. */
import { MalformedError } from "../core/raw";
import { remember } from "../core/remember";
import type { Stack } from "../core/resource";
import { UnknownValueError } from "../core/unknown";
import { type Definition, ruleFor, type StackRule, type StackUnit } from "../core/rule";
import type { SettingsSchema } from "../core/settings";
import { kindOf, type KubernetesObject, objectOf, type Pod, podIn } from "./objects";
import { namespaceOf } from "./workloads";

/** Objects, or their pods, found by namespace without going through all of them. */
class ByNamespace<T> {
    private readonly found = new Map<string, T[]>();
    private readonly unknown: UnknownValueError | undefined;

    constructor(all: readonly T[], objectOf: (item: T) => KubernetesObject) {
        for (const item of all) {
            try {
                const namespace = readable(() => namespaceOf(objectOf(item)));
                if (namespace === undefined) continue;
                const others = this.found.get(namespace);
                if (others) others.push(item);
                else this.found.set(namespace, [item]);
            } catch (error) {
                if (!(error instanceof UnknownValueError)) throw error;
                this.unknown = error;
            }
        }
    }

    /** @throws UnknownValueError when one may be in it, which is not known */
    in(namespace: string): readonly T[] {
        if (this.unknown) throw this.unknown;
        return this.found.get(namespace) ?? [];
    }
}

/** All objects of a stack. */
export class Objects {
    private readonly byKind = new Map<string, KubernetesObject[]>();
    private readonly placed = new Map<string, ByNamespace<KubernetesObject>>();
    private pods: ByNamespace<Pod> | undefined;

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

    /** Objects of one of these kinds: `apps/Deployment`, `Service`. */
    of(kinds: readonly string[]): KubernetesObject[] {
        return kinds.flatMap((kind) => this.byKind.get(kind) ?? []);
    }

    /** Objects of one of these kinds, in the namespace of another object. */
    beside(object: KubernetesObject, kinds: readonly string[]): KubernetesObject[] {
        const namespace = namespaceOf(object);
        return kinds.flatMap((kind) => {
            let placed = this.placed.get(kind);
            if (!placed) this.placed.set(kind, (placed = new ByNamespace(this.of([kind]), (other) => other)));
            return placed.in(namespace);
        });
    }

    /**
     * Pods and pod templates in the namespace of an object. One that cannot be read is none that anything finds.
     * @throws UnknownValueError
     */
    podsBeside(object: KubernetesObject): readonly Pod[] {
        const namespace = namespaceOf(object);
        this.pods ??= new ByNamespace(
            [...this.byKind.values()].flat().flatMap((other) => readable(() => podIn(other)) ?? []),
            (pod) => pod.object,
        );
        return this.pods.in(namespace);
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
