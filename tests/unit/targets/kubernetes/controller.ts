import { type Recording } from "../../components/harness";
import { TYPES } from "./fixtures";

export const LABELS = {
    "app.kubernetes.io/name": "app",
    "app.kubernetes.io/instance": "gw-test",
    "app.kubernetes.io/component": "backend",
    "app.kubernetes.io/part-of": "debt-os",
    "app.kubernetes.io/managed-by": "groundwork",
    "dev.groundwork/environment": "dev",
    "dev.groundwork/stack": "test",
    "dev.groundwork/system": "debt-os",
};
export const SELECTOR = { "app.kubernetes.io/name": "app", "app.kubernetes.io/instance": "gw-test" };

export interface Controller {
    spec: {
        replicas?: number;
        strategy?: unknown;
        template: { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> };
    };
}

/** The inputs of a controller, by its type. */
export function controller(recording: Recording, type = TYPES.deployment, name = "app"): Controller {
    return recording.one(name, type).inputs as unknown as Controller;
}
