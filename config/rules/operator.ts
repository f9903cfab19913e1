/** Rules on a Postgres that CloudNativePG runs. */
import type { RuleContext } from "./context";
import { effective } from "../effective";

/** As in `name:16.10-standard@sha256:…`. */
const VERSION_TAG = /:\d{2}(?:[._-][\w.-]*)?(?:@|$)/;

const MODE = ["stores", "postgres", "mode"];

/** Sees the system as its document has it. */
export function operated(context: RuleContext): void {
    const { input, problems } = context;
    if (effective(context, "target") !== "kubernetes") {
        problems.add({
            path: MODE,
            value: "operator",
            rule: "must be container or external with target docker: CloudNativePG is an operator of Kubernetes",
            remedy: problems.set(["target"], "kubernetes"),
        });
        return;
    }
    const apiServer = ["stores", "postgres", "apiServer"];
    if (input.stores?.postgres?.apiServer === undefined && !problems.touches(apiServer)) {
        problems.add({
            path: apiServer,
            rule: 'is required with stores.postgres.mode operator: each server asks the API server what it is to be, network policies know addresses only, and everything else is denied. "kubectl get endpoints kubernetes" shows them',
            remedy: problems.set([...apiServer, 0], "10.0.0.10/32"),
        });
    }
    replicated(context);
}

/** A replica is one more server, and which of them is the primary is the operator's to say. */
function replicated({ input, problems }: RuleContext): void {
    const { readReplicas, primaryVolume } = input.postgres ?? {};
    if (readReplicas !== undefined) {
        problems.add({
            path: ["postgres", "readReplicas"],
            value: readReplicas,
            rule: "has no meaning with stores.postgres.mode operator: stores.postgres.instances says how many servers there are, the primary among them",
            remedy: problems.set(["stores", "postgres", "instances"], readReplicas + 1),
        });
    }
    if (primaryVolume !== undefined) {
        problems.add({
            path: ["postgres", "primaryVolume"],
            value: primaryVolume,
            rule: "has no meaning with stores.postgres.mode operator, which chooses the primary and makes the volumes",
            remedy: problems.remove(["postgres", "primaryVolume"]),
        });
    }
}

/** The operator's program starts Postgres, so that the stand-in of the document's image is no image for it. Sees the system as it is deployed. */
export function operatorImage(context: RuleContext): void {
    const { system, input, problems } = context;
    const { postgres } = system.stores;
    if (postgres?.operator === undefined) return;
    const path = ["images", "overrides", postgres.image];
    const said = input.images?.overrides?.[postgres.image];
    const remedy = problems.set(path, "registry.example.com/postgresql:16.10");
    if (problems.touches(path)) return;
    if (said === undefined && effective(context, "images.source") === "local") {
        problems.add({
            path,
            rule: "is required with images.source local and stores.postgres.mode operator: there is no stand-in of CloudNativePG's images",
            remedy,
        });
    }
    if (said !== undefined && !VERSION_TAG.test(said)) {
        problems.add({
            path,
            value: said,
            rule: "must have a tag that begins with the version of Postgres: CloudNativePG reads it there",
            remedy,
        });
    }
}
