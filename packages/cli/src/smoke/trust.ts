/** Which certificates a smoke check trusts beside those that Node does. */
import { rootCertificates } from "node:tls";

import { CERTIFICATE_SECRETS, type StackConfig } from "../../../../config/types";
import type { EngineConfig } from "../stack/config";

const SECRETS = "groundwork:secrets";

/**
 * With a given certificate: it and its chain, whoever signed it, since it is what this edge is to show; host name and dates are verified as
 * always. Beside it what Node trusts. Undefined with another mode.
 */
export function givenTrust({ tls }: Pick<StackConfig, "tls">, engineConfig: EngineConfig): string[] | undefined {
    if (tls.mode !== "certificate") return undefined;
    const secrets = JSON.parse(engineConfig[SECRETS]?.value ?? "{}") as Record<string, string | undefined>;
    const chain = secrets[CERTIFICATE_SECRETS.certificate];
    return chain === undefined ? undefined : [chain, ...rootCertificates];
}
