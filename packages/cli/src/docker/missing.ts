/** Containers that a stack's state has and its Docker engine has not: somebody removed them by hand. */
import type { UntypedDeployment } from "@groundwork/engine/api";

import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { missingReplica, type StackStatus } from "../runtime/status";
import { asCalled, stackFlag } from "../words";
import { nameOf, runningByState } from "./drift";

/** Adds a replica for each container that is missing. @returns how many */
export function addMissing(actual: StackStatus, state: UntypedDeployment): number {
    const ids = new Set(actual.services.flatMap((s) => s.replicas.map((r) => r.id)));
    const up = asCalled(`gw up${stackFlag({ stack: { name: actual.stack } })}`);
    const missing = runningByState(state).filter((resource) => !ids.has(resource.id!));
    for (const resource of missing) {
        const labels = new Map(
            ((resource.inputs?.["labels"] ?? []) as { label: string; value: string }[]).map((l) => [l.label, l.value]),
        );
        const name = labels.get(`${LABEL_PREFIX}service`) ?? "";
        let service = actual.services.find((s) => s.service === name);
        if (!service) {
            const component = labels.get(`${LABEL_PREFIX}component`) ?? "";
            service = { service: name, component, image: "", standIn: false, replicas: [] };
            actual.services.push(service);
        }
        service.replicas.push(
            missingReplica(
                nameOf(resource),
                resource.id!,
                `is in the state and not on the Docker engine; ${up} makes it anew`,
            ),
        );
    }
    return missing.length;
}
