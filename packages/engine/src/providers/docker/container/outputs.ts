import type { PropertyMap } from "../../../provider";
import { equivalent } from "../../schema/diff";
import { DEFAULTS_KEY, META_KEY, isAbsent } from "../../schema/types";
import type { State } from "../resource";
import type { Inspect } from "./api";
import { getNetworkDatas } from "./nested";
import { properties } from "./properties";

/** What the real provider reports when a property was neither set nor read. */
const UNSET: PropertyMap = { attach: false, logs: false, wait: false };

/**
 * The outputs of a container, under the names and in the shapes of the real provider.
 *
 * @param inputs what was asked for: the source of what Docker does not tell
 */
export function outputsOf(info: Inspect, inputs: PropertyMap, logs?: string): PropertyMap {
    const outputs: PropertyMap = {
        [META_KEY]: `{"schema_version":"2"}`,
        id: info.Id,
        bridge: "",
        containerLogs: logs ?? null,
        exitCode: info.State.Running ? null : info.State.ExitCode,
        networkDatas: getNetworkDatas(info),
    };
    for (const [key, property] of Object.entries(properties)) {
        if (property.get) outputs[key] = property.get(info, inputs);
        else if (property.refused === undefined) outputs[key] = inputs[key] ?? UNSET[key] ?? null;
        else if (key === "gpus") outputs[key] = null;
    }
    // A container that must run and does not has drifted: the next run starts it again.
    if (!info.State.Running && outputs.mustRun === true) outputs.mustRun = false;
    return outputs;
}

/** Inputs after a refresh: as they were, but for what has drifted. */
export function refreshedInputs(olds: State, outputs: PropertyMap): PropertyMap {
    const inputs: PropertyMap = { ...olds.inputs };
    for (const [key, property] of Object.entries(properties)) {
        if (isAbsent(inputs[key]) || equivalent(property, outputs[key], inputs[key])) continue;
        inputs[key] = outputs[key]!;
        const defaults = inputs[DEFAULTS_KEY];
        if (Array.isArray(defaults)) inputs[DEFAULTS_KEY] = defaults.filter((name) => name !== key);
    }
    return inputs;
}

/** Inputs that would make this container, as far as Docker tells: for one that is read without a past. */
export function importedInputs(info: Inspect): PropertyMap {
    return { name: info.Name.replace(/^\//, ""), image: info.Config.Image, [DEFAULTS_KEY]: [] };
}
