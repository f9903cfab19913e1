/** The one way from what a stack file says to what the program builds from. */
import { withBackups } from "../systems/backup";
import { withStores } from "../systems/external";
import { type Environment, type System, type SystemKey, withDatabase } from "../systems/types";
import { backupConfig } from "./backup";
import { PRIVATE_RANGES } from "./defaults";
import { effectiveValues, type Get } from "./effective";
import { type ConfigContext, Problems } from "./problems";
import { parseRaw } from "./raw";
import { backupBucket, backupImage, backupLocalDays, backupLock, backupRetention } from "./rules/backup";
import { certificate } from "./rules/certificate";
import type { RuleContext } from "./rules/context";
import { acme, edgePorts, subdomains } from "./rules/edge";
import { externalStores } from "./rules/external";
import { externalSecrets } from "./rules/external-secrets";
import { acmeComesIn, kubernetesEdge, kubernetesEdgeInVain, namespaceLabels } from "./rules/kubernetes";
import { operatorImage } from "./rules/operator";
import { postgres } from "./rules/postgres";
import { requiredKeys } from "./rules/required-keys";
import { requiredSecrets, secrets, secretsAreEncrypted } from "./rules/secrets";
import { requiredEnv, services } from "./rules/services";
import { database, images, objectives, volumes } from "./rules/system";
import type { ConfigInput } from "./schema";
import { storeChoices } from "./store-choices";
import { checkStructure } from "./structure";
import type { StackConfig, TlsConfig } from "./types";

export { ConfigError } from "./problems";

/** Each looks at one thing. Order is that of the messages. */
const RULES: ((context: RuleContext) => void)[] = [
    requiredKeys,
    database,
    edgePorts,
    subdomains,
    acme,
    kubernetesEdge,
    kubernetesEdgeInVain,
    acmeComesIn,
    namespaceLabels,
    externalSecrets,
    services,
    requiredEnv,
    volumes,
    postgres,
    operatorImage,
    images,
    objectives,
    backupBucket,
    backupLock,
    backupRetention,
    backupLocalDays,
    backupImage,
    secretsAreEncrypted,
    secrets,
    certificate,
    requiredSecrets,
];

/**
 * A stack's configuration, whole: what the stack file says, and the defaults of its environment and system.
 *
 * @param raw Full keys and texts, as `pulumi.runtime.allConfig()` gives them: objects are JSON. Keys of other namespaces are passed over.
 * @param systems By key; `SYSTEMS` in the program.
 * @throws ConfigError with every problem; no message holds any part of a secret.
 */
export function loadStackConfig(
    raw: Readonly<Record<string, string>>,
    systems: Readonly<Record<SystemKey, System>>,
    context: ConfigContext = {},
): StackConfig {
    const problems = new Problems(context);
    const input = checkStructure(parseRaw(raw, problems), problems);
    const { environment } = input;
    const known = input.system === undefined ? undefined : systems[input.system];
    const system = known && withDatabase(known, input.database);
    if (system !== undefined && environment !== undefined) {
        externalStores({ input, problems, system, environment });
        const whole = deployed(input, system, environment);
        for (const rule of RULES) rule({ input, problems, system: whole, environment });
    }
    problems.throwIfAny();
    if (system === undefined || environment === undefined)
        throw new Error(`There is no system "${input.system}" in this program.`);
    return fill(input, system, environment);
}

/**
 * The system that a stack runs, with its stores and what backs it up, and what it says of images, as far as its values are valid: what is wrong
 * with them, `loadStackConfig` tells. Undefined: they name no system and environment.
 */
export function deployedBy(
    raw: Readonly<Record<string, string>>,
    systems: Readonly<Record<SystemKey, System>>,
): { system: System; images: StackConfig["images"] } | undefined {
    const problems = new Problems({});
    const input = checkStructure(parseRaw(raw, problems), problems);
    const { environment } = input;
    const known = input.system === undefined ? undefined : systems[input.system];
    if (known === undefined || environment === undefined) return undefined;
    const system = withDatabase(known, input.database);
    const images = imagesOf(input, effectiveValues({ input, system, environment }));
    return { system: deployed(input, system, environment), images };
}

/** With its stores and what backs it up. */
function deployed(input: ConfigInput, system: System, environment: Environment): System {
    const stores = withStores(system, storeChoices(input, system, environment));
    return withBackups(stores, backupConfig(input, system, environment));
}

/** For a program that Pulumi runs: names the stack's file in messages, and hides what Pulumi says is secret. */
export function programContext(stack: string, env: NodeJS.ProcessEnv = process.env): ConfigContext {
    const secretKeys = env.PULUMI_CONFIG_SECRET_KEYS;
    return {
        file: `Pulumi.${stack}.yaml`,
        // Set by the engine beside the config itself; absent in unit tests on Pulumi's mocks.
        secretKeys: secretKeys === undefined ? undefined : (JSON.parse(secretKeys) as string[]),
    };
}

/** @throws never: what has no default was found missing before. */
function fill(input: ConfigInput, system: System, environment: Environment): StackConfig {
    const get = effectiveValues({ input, system, environment });
    return {
        system: system.key,
        environment,
        database: input.database,
        target: get("target"),
        domain: get("domain"),
        edge: {
            address: get("edge.address"),
            httpPort: get("edge.httpPort"),
            httpsPort: get("edge.httpsPort"),
            http3: get("edge.http3"),
        },
        tls: tlsOf(get("tls.mode"), input),
        images: imagesOf(input, get),
        docker: { host: input.docker?.host },
        kubernetes: {
            context: input.kubernetes?.context,
            namespace: input.kubernetes?.namespace,
            namespaceLabels: input.kubernetes?.namespaceLabels ?? {},
            imagePullSecrets: input.kubernetes?.imagePullSecrets ?? [],
            storageClass: input.kubernetes?.storageClass,
            sharedStorageClass: input.kubernetes?.sharedStorageClass,
            sharedAccessMode: get("kubernetes.sharedAccessMode"),
            privateRanges: input.kubernetes?.privateRanges ?? PRIVATE_RANGES,
            edge: {
                via: get("kubernetes.edge.via"),
                className: input.kubernetes?.edge?.className,
                clusterIssuer: input.kubernetes?.edge?.clusterIssuer,
                annotations: input.kubernetes?.edge?.annotations ?? {},
                service: get("kubernetes.edge.service"),
                httpNodePort: input.kubernetes?.edge?.httpNodePort,
                httpsNodePort: input.kubernetes?.edge?.httpsNodePort,
                sourceRanges: input.kubernetes?.edge?.sourceRanges ?? [],
                drainSeconds: get("kubernetes.edge.drainSeconds"),
                trustedProxies: input.kubernetes?.edge?.trustedProxies ?? [],
            },
            externalSecrets: externalSecretsOf(input, system, get),
        },
        postgres: input.postgres ?? {},
        services: input.services ?? {},
        stores: storeChoices(input, system, environment),
        volumes: input.volumes ?? {},
        givenSecrets: Object.keys(input.secrets ?? {}).sort(),
        backup: backupConfig(input, system, environment),
        objectives: input.objectives ?? {},
        protect: get("protect"),
    };
}

function imagesOf({ images }: ConfigInput, get: Get): StackConfig["images"] {
    return { source: get("images.source"), mirror: images?.mirror, overrides: images?.overrides ?? {} };
}

function externalSecretsOf({ kubernetes, environment }: ConfigInput, system: System, get: Get): ExternalSecrets {
    const said = kubernetes?.externalSecrets;
    if (said === undefined) return undefined;
    return {
        // The rule on it has seen to the name.
        store: { name: said.store?.name as string, kind: get("kubernetes.externalSecrets.store.kind") },
        remoteKey: said.remoteKey ?? `${system.key}/${environment}/{name}`,
        remoteProperty: said.remoteProperty,
        include: said.include ?? [],
        refreshPolicy: get("kubernetes.externalSecrets.refreshPolicy"),
        refreshInterval: get("kubernetes.externalSecrets.refreshInterval"),
    };
}

type ExternalSecrets = StackConfig["kubernetes"]["externalSecrets"];

function tlsOf(mode: TlsConfig["mode"], { tls }: ConfigInput): TlsConfig {
    if (mode !== "acme") return { mode };
    // The rule for acme has seen to the e-mail.
    return { mode, email: tls?.email as string, directory: tls?.directory };
}
