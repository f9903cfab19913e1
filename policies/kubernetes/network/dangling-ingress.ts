import { hasAt, listAt, mapAt, type Raw } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { amongObjectsRule } from "../stack";
import { nameOf } from "../workloads";
import { serviceOf } from "./selection";

export default amongObjectsRule({
    id: "GW-K8S-071",
    slug: "dangling-ingress",
    title: "Ingresses lead to Services",
    why: "A path to a Service that is not there is an error 503.",
    remedy: "Name a Service of the same namespace.",
    severity: "medium",
    levels: FROM_STAGING,
    references: [],
    kinds: ["networking.k8s.io/Ingress", "extensions/Ingress"],
    check({ object, objects }, report) {
        const { raw } = object;
        const check = (backend: Raw, at: string): void => {
            const name = serviceOf(backend, object.version);
            if (name === undefined) {
                // What else it may lead to is no Service.
                if (!hasAt(backend, "resource")) report(at, "must name a Service");
                return;
            }
            if (!objects.beside(object, ["Service"]).some((service) => nameOf(service) === name)) {
                report(at, `must name a Service of the namespace, and there is no ${name}`);
            }
        };
        report.attempt(() => {
            if (hasAt(raw, "spec", "defaultBackend"))
                check(mapAt(raw, "spec", "defaultBackend"), "spec.defaultBackend");
        });
        report.eachMap(listAt(raw, "spec", "rules"), "spec.rules", (item, at) => {
            report.eachMap(listAt(item, "http", "paths"), `${at}.http.paths`, (path, where) => {
                check(mapAt(path, "backend"), `${where}.backend`);
            });
        });
    },
});
