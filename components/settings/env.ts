/** A service's variables. */
import type { StackConfig } from "../../config/types";
import { storeAddresses } from "../../systems/external";
import { inEnvironment, type Service, type System } from "../../systems/types";
import { apiUrl, edgeUrl } from "./edge";
import type { ServiceSettings } from "./service";

/** Variables by name: the system's for this environment with its placeholders filled in, then the stack's own. */
export function resolveEnv(service: Service, system: System, config: StackConfig): Record<string, string> {
    const overrides = config.services[service.name]?.env ?? {};
    const fill = placeholders(system, config);
    const env: Record<string, string> = {};
    for (const variable of service.env) {
        if (variable.value) {
            env[variable.name] = fill(inEnvironment(variable.value, config.environment));
        }
    }
    return { ...env, ...overrides };
}

/** Required variables that neither the system nor the stack sets. */
export function missingEnv(service: Service, settings: ServiceSettings): string[] {
    return service.env
        .filter((variable) => variable.required && settings.env[variable.name] === undefined)
        .map((variable) => variable.name);
}

function placeholders(system: System, config: StackConfig): (text: string) => string {
    const values: Record<string, string> = {
        domain: config.domain,
        url: edgeUrl(config),
        apiUrl: apiUrl(system, config),
    };
    return (text) =>
        storeAddresses(text, system.stores).replace(/\{(\w+)\}/g, (whole, name: string) => {
            const value = values[name];
            if (value === undefined) {
                throw new Error(`"${text}" in system "${system.key}" holds ${whole}, which stands for nothing.`);
            }
            return value;
        });
}
