/** Engine events for tests, in the shape of the Pulumi CLI's. */
import type { EngineEvent } from "../../../packages/engine/src/api";

const CONTAINER = "docker:index/container:Container";
let sequence = 0;

export function urnOf(name: string, type = CONTAINER): string {
    return `urn:pulumi:dev::groundwork::groundwork:platform:Platform$${type}::${name}`;
}

interface Kind {
    type?: string;
    custom?: boolean;
}

function metadata(op: string, name: string, { type = CONTAINER, custom = true }: Kind) {
    const urn = urnOf(name, type);
    const state = { type, urn, custom, id: "", parent: "", inputs: {}, outputs: {}, provider: "" };
    return { op, urn, type, new: state, provider: "" } as unknown as NonNullable<
        EngineEvent["resourcePreEvent"]
    >["metadata"];
}

export function pre(op: string, name: string, kind: Kind = {}): EngineEvent {
    return { sequence: sequence++, timestamp: 0, resourcePreEvent: { metadata: metadata(op, name, kind) } };
}

export function done(op: string, name: string, kind: Kind = {}): EngineEvent {
    return { sequence: sequence++, timestamp: 0, resOutputsEvent: { metadata: metadata(op, name, kind) } };
}

export function failed(op: string, name: string, kind: Kind = {}): EngineEvent {
    return {
        sequence: sequence++,
        timestamp: 0,
        resOpFailedEvent: { metadata: metadata(op, name, kind), status: 0, steps: 1 },
    };
}

export function diagnostic(
    name: string | undefined,
    message: string,
    { severity = "info", ephemeral = true }: { severity?: "info" | "warning" | "error"; ephemeral?: boolean } = {},
): EngineEvent {
    const urn = name === undefined ? undefined : urnOf(name);
    return {
        sequence: sequence++,
        timestamp: 0,
        diagnosticEvent: { urn, message: `${message}\n`, color: "never", severity, ephemeral },
    };
}
