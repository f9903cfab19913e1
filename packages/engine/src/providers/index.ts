import type { Provider } from "../provider";
import { awsProvider } from "./aws";
import { commandProvider } from "./command";
import { dockerProvider } from "./docker";
import { kubernetesProvider } from "./kubernetes";
import { randomProvider } from "./random";

/** The providers that the engine brings. This module is loaded when a run first needs it, while the program starts. */
export function builtinProviders(): Provider[] {
    return [dockerProvider, kubernetesProvider, randomProvider, commandProvider, awsProvider];
}
