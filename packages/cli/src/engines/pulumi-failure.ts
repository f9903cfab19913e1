/** The Pulumi CLI's failures as this program's errors: locked, a violated policy, or what the CLI says of the cause. */
import { existsSync, readFileSync } from "node:fs";

import type { EngineEvent } from "@groundwork/engine/api";

import { FailedError } from "../errors";
import { parseUrn } from "../ui/urn";

/** What the events of a run say of why it fails. */
export class Told {
    private readonly violations: string[] = [];
    private readonly errors: string[] = [];

    /** @param eventLog what `pulumi --event-log` writes, for a run whose events nobody hears */
    constructor(private readonly eventLog?: string) {}

    hear({ policyEvent, diagnosticEvent }: EngineEvent): void {
        if (policyEvent?.enforcementLevel === "mandatory") {
            const { policyName, resourceUrn = "", message } = policyEvent;
            this.violations.push(`${policyName}: ${resourceUrn}: ${message.trim()}`);
        }
        if (diagnosticEvent?.severity === "error") {
            const { urn = "", message } = diagnosticEvent;
            const text = message.trim().replace(/^error: /, "");
            this.errors.push(urn === "" ? text : `${parseUrn(urn).name}: ${text}`);
        }
    }

    /** @param error what the Automation API or a run of the CLI threw */
    explain(error: Error, stack: string): Error {
        if (error.name === "ConcurrentUpdateError") {
            return named(
                "LockedError",
                `Stack "${stack}" is locked by another update. Wait for it to end; if it is gone for good, run "gw state unlock --stack ${stack} --engine pulumi".`,
                error,
            );
        }
        this.readLog();
        if (this.violations.length > 0) return named("PolicyError", this.violations.join("\n"), error);
        const text = this.errors.length > 0 ? this.errors.join("\n") : saidBy(error);
        const failed = new FailedError(`pulumi: ${text}`);
        failed.cause = error;
        return failed;
    }

    /** There is no log where it did not come to a run. */
    private readLog(): void {
        if (this.eventLog === undefined || !existsSync(this.eventLog)) return;
        // A CLI that was killed leaves half a line.
        const lines = readFileSync(this.eventLog, "utf8").split("\n").slice(0, -1);
        for (const line of lines) this.hear(JSON.parse(line) as EngineEvent);
    }
}

function named(name: string, message: string, cause: Error): Error {
    const error = new Error(message, { cause });
    error.name = name;
    return error;
}

/** The Automation API keeps what the CLI said in `commandResult` and wraps it in the message; a run of it has it beside the message. */
function saidBy(error: Error): string {
    const said = error as { commandResult?: { stderr: string; stdout: string }; stderr?: string; stdout?: string };
    const { stderr, stdout } = said.commandResult ?? said;
    return (stderr || stdout || error.message).trim();
}
