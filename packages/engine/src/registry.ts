/** Providers, and the configuration of their explicit and default instances. */
import { plain } from "./properties";
import type { PropertyMap, PropertyValue, Provider, Unsettled } from "./provider";
import type { State, StateStore } from "./state/store";
import { isProviderType, packageOf, providerUrn } from "./urn";

export interface ResolvedProvider {
    provider: Provider;
    config: PropertyMap;
}

export class ProviderRegistry {
    private readonly byPackage: Map<string, Provider>;
    /** Provider resources of this run and, where it has none, of the state. */
    private readonly configs = new Map<string, PropertyMap>();

    constructor(providers: Provider[]) {
        this.byPackage = new Map(providers.map((provider) => [provider.name, provider]));
    }

    /** @throws Error naming the package and those that there are */
    forPackage(pkg: string): Provider {
        const provider = this.byPackage.get(pkg);
        if (provider) return provider;
        throw new Error(
            `The embedded engine has no provider for the package "${pkg}"; it has ${[...this.byPackage.keys()].join(", ")}. Run with the Pulumi CLI (--engine pulumi).`,
        );
    }

    /** @throws Error naming the type when the provider does not serve it */
    forType(type: string): Provider {
        const provider = this.forPackage(packageOf(type));
        if (isProviderType(type) || provider.types.includes(type)) return provider;
        const refusal = provider.refuses ? provider.refuses(type) : "";
        if (refusal === undefined) return provider;
        throw new Error(
            `The embedded engine does not support the type ${type}${refusal && `: ${refusal}`}. Run with the Pulumi CLI (--engine pulumi).`,
        );
    }

    /** Remembers a provider resource that this run registered. */
    configure(state: State): void {
        this.configs.set(state.urn, configOf(state));
    }

    /** Provider and configuration for a resource, from its reference to a provider resource. */
    resolve(state: State, store: StateStore): ResolvedProvider {
        return { provider: this.forType(state.type), config: state.provider ? this.config(state.provider, store) : {} };
    }

    /** @returns what the providers' resources have not become */
    async settle(signal: AbortSignal): Promise<Unsettled[]> {
        const all = await Promise.all(
            [...this.byPackage.values()].map(async (provider) => provider.settle?.(signal) ?? []),
        );
        return all.flat();
    }

    config(reference: string, store: StateStore): PropertyMap {
        const urn = providerUrn(reference);
        let config = this.configs.get(urn);
        if (!config) {
            const id = reference.slice(urn.length + 2);
            const rows = [...store.rows.values()].filter((row) => row.state.urn === urn);
            const row = rows.find(({ state }) => state.id === id) ?? rows[0];
            if (!row) throw new Error(`The provider ${urn} is neither in the program nor in the state.`);
            config = configOf(row.state);
            this.configs.set(urn, config);
        }
        return config;
    }
}

/** Programs and stack files give everything but text as JSON. */
function configOf(state: State): PropertyMap {
    const { __internal: _, version: __, ...config } = plain(state.inputs ?? {});
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, decoded(value)]));
}

function decoded(value: PropertyValue): PropertyValue {
    if (typeof value !== "string" || !/^(\[|\{|true$|false$)/.test(value)) return value;
    try {
        return JSON.parse(value) as PropertyValue;
    } catch {
        // Text that only looks like JSON is meant as text.
        return value;
    }
}
