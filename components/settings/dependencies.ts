/** What of a system depends on what. */
import { POOLER, type Service, type System } from "../../systems/types";

/** In an order in which each comes after the services that it depends on. */
export function inDependencyOrder(services: Service[]): Service[] {
    const byName = new Map(services.map((service) => [service.name, service]));
    const ordered = new Set<Service>();
    const visit = (service: Service, path: string[]): void => {
        if (path.includes(service.name)) {
            throw new Error(`Services depend on each other in a circle: ${[...path, service.name].join(" → ")}.`);
        }
        for (const dependency of service.dependsOn) {
            const other = byName.get(dependency);
            if (other) {
                visit(other, [...path, service.name]);
            }
        }
        ordered.add(service);
    };
    services.forEach((service) => visit(service, []));
    return [...ordered];
}

/** The names of what a service connects to: a pooler where it depends on a store behind one. */
export function connectsTo(service: Pick<Service, "dependsOn">, { stores }: System): string[] {
    return service.dependsOn.map((name) => (name === "postgres" && stores.postgres?.pooler ? POOLER : name));
}
