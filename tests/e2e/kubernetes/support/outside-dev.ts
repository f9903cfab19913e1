/** Stacks of staging and prod, as far as one small node can hold them. */
import { Crypter } from "../../../../packages/engine/src/crypto";
import { systemOf } from "../../../../systems";
import {
    certainSecrets,
    containerStores,
    type Environment,
    type Resources,
    storeCompanions,
} from "../../../../systems/types";
import type { Sandbox } from "./sandbox";

const PASSPHRASE = "of-the-stacks-outside-of-dev";

/** In place of the documents' reservations, which together are more than the node has. Their limits stay. */
const NEXT_TO_NOTHING: Partial<Resources> = { cpuReservation: 0.02, memoryReservationMiB: 32 };

/** The stack is not dev's, so that the engine must be said. */
export const EMBEDDED = ["--engine", "embedded"];

/**
 * What the stack file of a sandbox says in an environment that has no defaults for it: replicas, autoscaling and limits are the document's.
 * Backups are off, since their bucket would be somebody else's, and nothing is protected, so that all of it can be removed.
 */
export async function outsideDev(
    sandbox: Sandbox,
    environment: Exclude<Environment, "dev">,
): Promise<{ services: Record<string, object> } & Record<string, unknown>> {
    const system = systemOf(sandbox.system);
    const crypter = await Crypter.create(PASSPHRASE);
    sandbox.encryptionSalt = crypter.salt;
    sandbox.environment = { ...sandbox.environment, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const secrets = certainSecrets(system).filter(({ shape }) => shape.kind === "given");
    const names = [
        "caddy",
        ...system.services.map(({ name }) => name),
        ...containerStores(system.stores).keys(),
        ...storeCompanions(system.stores).keys(),
    ];
    return {
        environment,
        domain: `${system.key}.localhost`,
        tls: { mode: "internal" },
        backup: { enabled: false },
        protect: false,
        secrets: Object.fromEntries(
            secrets.map(({ name }) => [name, { secure: crypter.encrypt(`given-${name.toLowerCase()}`) }]),
        ),
        services: Object.fromEntries(names.map((name) => [name, { resources: NEXT_TO_NOTHING }])),
    };
}
