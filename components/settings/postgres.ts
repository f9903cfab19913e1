import type { StackConfig } from "../../config/types";
import { operatedInstances } from "../../systems/operated";
import { inEnvironment, type System } from "../../systems/types";

/** Whether a read replica of Postgres runs in this stack. */
export function hasReplica(system: System, config: Pick<StackConfig, "environment" | "postgres">): boolean {
    const { postgres } = system.stores;
    if (postgres?.operator) {
        return operatedInstances(postgres, config.environment) > 1;
    }
    if (postgres?.replicaVolume === undefined) {
        return false;
    }
    return (config.postgres.readReplicas ?? inEnvironment(postgres.readReplicas, config.environment)) > 0;
}
