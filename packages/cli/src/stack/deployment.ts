/** A stack's state as it is exported: Pulumi's deployment JSON. */
import type { UntypedDeployment } from "@groundwork/engine/src/api";

import { UsageError } from "../errors";

/** @throws UsageError when it is no deployment of version 3 */
export function parseDeployment(text: string, name: string): UntypedDeployment {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new UsageError(`${name} is not JSON. Give what "gw state export" or "pulumi stack export" wrote.`);
    }
    const { version, deployment } = (value ?? {}) as Partial<UntypedDeployment>;
    if (version !== 3 || typeof deployment !== "object" || deployment === null) {
        throw new UsageError(
            `${name} is no deployment of version 3, but ${version === undefined ? "has no version" : `version ${String(version)}`}.`,
            'Give what "gw state export" or "pulumi stack export" wrote.',
        );
    }
    return value as UntypedDeployment;
}
