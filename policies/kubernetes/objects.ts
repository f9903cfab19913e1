/** Kubernetes objects as rules look at them: whole objects, the pods in them, the containers in those. */
import { UnitsBuilder } from "../core/check";
import { asMap, isRaw, join, listAt, mapAt, placed, type Raw, textAt } from "../core/raw";
import { remember } from "../core/remember";
import type { Resource } from "../core/resource";
import { type Definition, type ResourceRule, type ResourceView, ruleFor, type Unit, type Units } from "../core/rule";
import type { SettingsSchema } from "../core/settings";
import { hasOthersPods, keysToPod, type Kind, placeOfPod, qualified } from "./pod-places";

/** An object as a whole. */
export interface KubernetesObject extends Unit, Kind {
    readonly resource: Resource;
    readonly raw: Raw;
}

/** A pod, or a template of pods. */
export interface Pod extends Unit {
    readonly object: KubernetesObject;
    /** With `metadata` and `spec`. */
    readonly raw: Raw;
    readonly spec: Raw;
}

export interface Container extends Unit {
    /** sidecar: an init container that runs beside the others. */
    readonly kind: "container" | "init" | "sidecar" | "ephemeral";
    readonly pod: Pod;
    readonly raw: Raw;
}

const TOKEN = /^kubernetes:(?:([^:]*)\/)?([^:/]+):(\w+)$/;

const parsed = new Map<string, Kind | undefined>();

/** The kind that a Pulumi token is of; undefined: no object of Kubernetes'. */
export function kindOf(type: string): Kind | undefined {
    if (!parsed.has(type)) parsed.set(type, parse(type));
    return parsed.get(type);
}

function parse(type: string): Kind | undefined {
    const match = TOKEN.exec(type);
    if (!match) return undefined;
    const [, group = "", version, kind] = match;
    // Charts and files of manifests are components: what is in them comes as resources of its own.
    if (/^(helm|yaml|kustomize)(\.sh)?$/.test(group)) return undefined;
    return { group: group === "core" ? "" : group, version: version!, kind: kind! };
}

/** The token that an object has in a stack. */
export function tokenOf(apiVersion: string, kind: string): string {
    return `kubernetes:${apiVersion.includes("/") ? "" : "core/"}${apiVersion}:${kind}`;
}

/** The object that a resource is. */
export const objectOf = remember((resource: Resource): KubernetesObject => {
    return { ...kindOf(resource.type)!, path: "", resource, raw: resource.props };
});

const podsOf = remember((resource: Resource): Units<Pod> => {
    const found = new UnitsBuilder<Pod>();
    const object = objectOf(resource);
    const place = placeOfPod(object);
    if (!place) return found;
    found.attempt("", () => {
        if (hasOthersPods(object, object.raw)) return;
        const keys = keysToPod(place, object.raw);
        const path = join(...keys);
        const raw = placed(mapAt(object.raw, ...keys), path);
        found.units.push({ path, object, raw, spec: placed(mapAt(raw, "spec"), join(path, "spec")) });
    });
    return found;
});

/** Without what is added to pods of others. */
function wholePodsOf(resource: Resource): Units<Pod> {
    return placeOfPod(objectOf(resource))?.added ? new UnitsBuilder<Pod>() : podsOf(resource);
}

const LISTS = [
    { key: "initContainers", kind: "init", label: "init container" },
    { key: "containers", kind: "container", label: "container" },
    { key: "ephemeralContainers", kind: "ephemeral", label: "ephemeral container" },
] as const;

const containersOf = remember((resource: Resource): Units<Container> => {
    const found = new UnitsBuilder<Container>();
    const pods = podsOf(resource);
    found.unknown.push(...pods.unknown);
    found.malformed.push(...pods.malformed);
    for (const pod of pods.units) {
        for (const { key, kind, label } of LISTS) {
            const path = join(pod.path, "spec");
            found.attempt(path, () => {
                const list = listAt(pod.spec, key);
                for (let n = 0; n < list.length; n++) {
                    const at = `${key}[${n}]`;
                    found.attempt(path, () => {
                        const raw = placed(asMap(list[n], at), join(path, at));
                        const runsOn = kind === "init" && isSidecar(raw);
                        found.units.push({
                            kind: runsOn ? "sidecar" : kind,
                            pod,
                            raw,
                            path: join(path, at),
                            label: `${runsOn ? "sidecar" : label} ${nameOf(raw) ?? n}`,
                        });
                    });
                }
            });
        }
    }
    return found;
});

/** A container has a name before anything is made. */
function nameOf(raw: Raw): string | undefined {
    const name: unknown = Object.getOwnPropertyDescriptor(raw, "name")?.value;
    return typeof name === "string" ? name : undefined;
}

function isSidecar(raw: Raw): boolean {
    return Object.getOwnPropertyDescriptor(raw, "restartPolicy")?.value === "Always";
}

/** The security context of a pod or of a container; where it has none, an empty one, since what it lacks may be the matter. */
export interface SecurityContext extends Unit {
    readonly pod: Pod;
    /** Absent: it is the pod's own. */
    readonly container?: Container;
    readonly raw: Raw;
}

const securityContextsOf = remember((resource: Resource): Units<SecurityContext> => {
    const found = new UnitsBuilder<SecurityContext>();
    const add = (of: Unit & { raw: Raw }, keys: string[], more: { pod: Pod; container?: Container; label: string }) =>
        found.attempt(of.path, () => {
            const path = join(of.path, ...keys);
            found.units.push({ ...more, path, raw: placed(mapAt(of.raw, ...keys), path) });
        });
    const containers = containersOf(resource);
    found.unknown.push(...containers.unknown);
    found.malformed.push(...containers.malformed);
    for (const pod of wholePodsOf(resource).units) add(pod, ["spec", "securityContext"], { pod, label: "pod" });
    for (const container of containers.units) {
        add(container, ["securityContext"], { pod: container.pod, container, label: container.label! });
    }
    return found;
});

/** The containers of a pod. @throws what keeps one from being seen */
export function containersIn(pod: Pod): readonly Container[] {
    return containersOf(pod.object.resource).units;
}

/** The pod of an object; undefined where its kind has none. @throws what keeps it from being seen */
export function podIn(object: KubernetesObject): Pod | undefined {
    const place = placeOfPod(object);
    if (!place || place.added || hasOthersPods(object, object.raw)) return undefined;
    const [pod] = podsOf(object.resource).units;
    if (!pod) mapAt(object.raw, ...keysToPod(place, object.raw), "spec");
    return pod;
}

function hasPod(type: string): boolean {
    const kind = kindOf(type);
    return kind !== undefined && placeOfPod(kind) !== undefined;
}

/** Looks at objects of some kinds: `apps/Deployment`, `Service`. */
export function objectRule<S extends SettingsSchema = Record<never, never>>(
    definition: Definition<KubernetesObject, S> & { kinds: readonly string[] | "all" },
): ResourceRule {
    const { kinds, ...rest } = definition;
    const applies = (type: string): boolean => {
        const kind = kindOf(type);
        return kind !== undefined && (kinds === "all" || kinds.includes(qualified(kind)));
    };
    return ruleFor(objectsWhere(applies))(rest);
}

function objectsWhere(applies: (type: string) => boolean): ResourceView<KubernetesObject> {
    return {
        scope: "resource",
        applies,
        units: (resource) => ({ units: [objectOf(resource)], unknown: [], malformed: [] }),
    };
}

/** Looks at every pod and pod template. */
export const podRule = ruleFor<Pod>({ scope: "resource", applies: hasPod, units: wholePodsOf });

/** Looks at every container, of all kinds. */
export const containerRule = ruleFor<Container>({ scope: "resource", applies: hasPod, units: containersOf });

/** Looks at the security context of every pod and of every container. */
export const securityContextRule = ruleFor<SecurityContext>({
    scope: "resource",
    applies: hasPod,
    units: securityContextsOf,
});

/** Windows has no such thing as what some controls ask for. An operating system that is not known throws. */
export function isWindows(pod: Pod): boolean {
    return textAt(pod.spec, "os", "name") === "windows";
}

export function annotationsOf(raw: Raw): Raw {
    const annotations = mapAt(raw, "metadata", "annotations");
    return isRaw(annotations) ? annotations : {};
}
