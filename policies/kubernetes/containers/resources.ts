/** What containers ask for and may use at most. */
import { valueAt } from "../../core/raw";
import type { Report } from "../../core/rule";
import type { Container } from "../objects";
import { quantity } from "../quantity";

type Amounts = "requests" | "limits";

/**
 * An amount of the container: CPUs, bytes. Undefined where there is none; NaN where it is no quantity, so that every comparison with it
 * fails.
 */
export function amountAt({ raw }: Container, of: Amounts, resource: string): number | undefined {
    const given = valueAt(raw, "resources", of, resource);
    if (given === undefined) return undefined;
    if (typeof given === "number") return given;
    try {
        return typeof given === "string" ? quantity(given) : NaN;
    } catch {
        return NaN;
    }
}

/** Reports that an amount is missing, or none. Of the kinds of container, ephemeral ones can have none. */
export function checkLimit(container: Container, resource: string, report: Report): void {
    if (container.kind === "ephemeral") return;
    const limit = amountAt(container, "limits", resource);
    if (limit === undefined || !(limit > 0)) report(`resources.limits.${resource}`, "must be set, to more than 0");
}

/** Where a limit is set and no request, the limit is the request. */
export function checkRequest(container: Container, resource: string, report: Report): void {
    if (container.kind === "ephemeral") return;
    const request = amountAt(container, "requests", resource) ?? amountAt(container, "limits", resource);
    if (request === undefined || !(request > 0))
        report(`resources.requests.${resource}`, "must be set, to more than 0");
}
