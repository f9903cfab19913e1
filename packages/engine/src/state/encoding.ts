/** A resource between memory, where its secrets are plaintext, and the files, where they are ciphertext. */
import { isBlank } from "../properties";
import type { SecretCodec } from "./crypto";
import { undecryptable } from "./errors";
import type { EncodedResource } from "./journal";
import type { State } from "./store";

/** @param before As it was last written: secrets that are still the same keep their ciphertext. */
export function encodeState(codec: SecretCodec, state: State, before?: State): EncodedResource {
    const encoded: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(state)) if (key === "custom" || !isBlank(value)) encoded[key] = value;
    for (const key of ["inputs", "outputs"] as const) {
        if (encoded[key]) encoded[key] = codec.encode(state[key]!, before?.[key]);
    }
    return encoded as EncodedResource;
}

/**
 * @param path The state's file, for the error.
 * @throws Error naming the resource and the remedy, when the passphrase does not open its secrets
 */
export function decodeState(codec: SecretCodec, resource: EncodedResource, path: string): State {
    const state = { ...resource } as unknown as State;
    try {
        if (state.inputs) state.inputs = codec.decode(state.inputs);
        if (state.outputs) state.outputs = codec.decode(state.outputs);
    } catch (error) {
        throw undecryptable(state.urn, path, error);
    }
    return state;
}
