import type { ProviderContext } from "../../../../packages/engine/src/provider";

export interface RecordedContext extends ProviderContext {
    messages: string[];
}

/** A provider's context that records what is logged. */
export function contextOf(type: string, extra: Partial<ProviderContext> = {}): RecordedContext {
    const messages: string[] = [];
    return {
        urn: `urn:pulumi:test::test::${type}::thing`,
        name: "thing",
        type,
        config: {},
        log: (message) => messages.push(message),
        signal: new AbortController().signal,
        messages,
        ...extra,
    };
}

export const SEED = Buffer.alloc(32, 7);
