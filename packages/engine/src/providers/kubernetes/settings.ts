/** The configuration of a provider resource. */
import { createHash } from "node:crypto";

import { UNKNOWN, type PropertyMap, type PropertyValue } from "../../provider";
import { stable } from "../schema/diff";
import { loadKubeconfig, type Kubeconfig } from "./kubeconfig";

export interface Settings {
    /** Equal settings have equal keys; no secret can be read from it. */
    key: string;
    /** With the chosen context as its current one; undefined: it is not known before the run. */
    kubeconfig?: Kubeconfig;
    /** Where the kubeconfig comes from. */
    from: string;
    context: string;
    server: string;
    /** For objects in a namespace that say none. */
    namespace: string;
    /** A change of a ConfigMap's data updates it, rather than replacing it. */
    configMapsAreMutable: boolean;
    secretsAreMutable: boolean;
}

/** What is not set here comes from the same environment variables as the real provider's. */
const SWITCHES = {
    enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
} as const;

/** Settings that ask for what this provider does anyway; where nothing else is said: to leave something be. */
const GRANTED: Record<string, PropertyValue> = {
    enableServerSideApply: true,
    suppressDeprecationWarnings: true,
    suppressHelmHookWarnings: true,
};

function isGranted(key: string, value: PropertyValue): boolean {
    return value === null || value === "" || String(value) === String(GRANTED[key] ?? false);
}

const KNOWN = new Set(["kubeconfig", "context", "cluster", "namespace", ...Object.keys(SWITCHES)]);

/** Settings by provider configuration: each resource has the same object as its configuration. */
const cache = new WeakMap<PropertyMap, { environment: string; settings: Settings }>();

/** @throws Error naming the setting that is wrong or not supported */
export function settingsOf(config: PropertyMap): Settings {
    const environment = [process.env.KUBECONFIG, ...Object.values(SWITCHES).map((name) => process.env[name])].join(
        "\0",
    );
    const cached = cache.get(config);
    if (cached?.environment === environment) return cached.settings;
    const settings = read(config);
    cache.set(config, { environment, settings });
    return settings;
}

function read(config: PropertyMap): Settings {
    const refused = Object.entries(config).filter(([key, value]) => !KNOWN.has(key) && !isGranted(key, value));
    if (refused.length > 0)
        throw new Error(
            `The embedded engine does not support ${refused.map(([key]) => `"kubernetes:${key}"`).join(", ")}; it has ${[...KNOWN].join(", ")}. ` +
                `Leave it out, or run with the Pulumi CLI (--engine pulumi).`,
        );
    const shared = {
        configMapsAreMutable: isOn(config, "enableConfigMapMutable"),
        secretsAreMutable: isOn(config, "enableSecretMutable"),
    };
    const unknown = Object.values(config).includes(UNKNOWN);
    if (unknown) return { ...shared, key: "", from: "", context: "", server: "", namespace: UNKNOWN };
    return { ...shared, ...cluster(config) };
}

function cluster(config: PropertyMap): Omit<Settings, "configMapsAreMutable" | "secretsAreMutable"> {
    const given = config.kubeconfig;
    const text = typeof given === "object" && given !== null ? JSON.stringify(given) : textOf(config, "kubeconfig");
    const { config: kubeconfig, from } = loadKubeconfig(text);
    const name = textOf(config, "context") ?? (kubeconfig["current-context"] || undefined);
    if (name === undefined)
        throw new Error(
            `The kubeconfig ${from} has no current context. Set "kubernetes:context" to one of ${names(kubeconfig.contexts)}.`,
        );
    const entry = kubeconfig.contexts.find((context) => context.name === name);
    if (!entry)
        throw new Error(
            `The kubeconfig ${from} has no context "${name}"; it has ${names(kubeconfig.contexts)}. Set "kubernetes:context".`,
        );
    const clusterName = textOf(config, "cluster") ?? entry.context?.cluster ?? "";
    const found = kubeconfig.clusters.find(({ name }) => name === clusterName);
    if (!found?.cluster?.server)
        throw new Error(
            `The kubeconfig ${from} has no cluster "${clusterName}" with a server; it has ${names(kubeconfig.clusters)}. Set "kubernetes:cluster".`,
        );
    const chosen: Kubeconfig = {
        clusters: [found],
        users: kubeconfig.users.filter((user) => user.name === entry.context?.user),
        contexts: [{ name, context: { ...entry.context, cluster: clusterName } }],
        "current-context": name,
    };
    return {
        key: createHash("sha256")
            .update(stable(chosen as unknown as PropertyMap))
            .digest("hex"),
        kubeconfig: chosen,
        from,
        context: name,
        server: found.cluster.server,
        namespace: textOf(config, "namespace") ?? (entry.context?.namespace || "default"),
    };
}

function isOn(config: PropertyMap, key: keyof typeof SWITCHES): boolean {
    const value = config[key] ?? process.env[SWITCHES[key]];
    return value === true || value === "true";
}

function textOf(config: PropertyMap, key: string): string | undefined {
    const value = config[key];
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value !== "string") throw new Error(`"kubernetes:${key}" must be a text, not ${JSON.stringify(value)}.`);
    return value;
}

function names(entries: { name: string }[]): string {
    return entries.length > 0 ? entries.map(({ name }) => `"${name}"`).join(", ") : "none";
}
