/** What a report comes to, in one sentence. */
import { plural } from "../ui/text";
import { endangers } from "./changes";
import type { Report } from "./types";

/** `failed`: not everything could be compared. `data`: something that holds data goes. `changes`: nothing of that kind. */
export type Verdict = "failed" | "data" | "changes" | "none";

export function verdictOf({ changes, failures, stacks }: Report): Verdict {
    if (failures.length > 0) return "failed";
    if (changes.some(({ stateful, kind }) => stateful && endangers(kind))) return "data";
    return changes.length > 0 || stacks.some(({ only }) => only !== undefined) ? "changes" : "none";
}

export function headline(report: Report): string {
    const { found } = report.policies;
    const mandatory = found.filter(({ enforcement }) => enforcement === "mandatory").length;
    if (found.length === 0) return ofChanges(report);
    return `${ofChanges(report)} ${plural(found.length, "new policy violation")}, ${mandatory} mandatory.`;
}

function ofChanges(report: Report): string {
    const { changes, failures, stacks } = report;
    const data = changes.filter(({ stateful, kind }) => stateful && endangers(kind));
    const atStake = data.filter(({ places }) => places.some(({ refused, kept }) => !refused && !kept));
    const changing = new Set(changes.flatMap(({ places }) => places.map(({ stack }) => stack))).size;
    const ofData =
        atStake.length > 0
            ? `${plural(atStake.length, "resource")} with data would be destroyed, replaced or left without protection`
            : data.length > 0
              ? `${plural(data.length, "resource")} with data would go, were ${data.length === 1 ? "it" : "they"} not protected or kept`
              : "no resource with data is destroyed or replaced";
    switch (verdictOf(report)) {
        case "failed": {
            const failed = new Set(failures.flatMap((failure) => failure.stacks)).size;
            const rest = changing > 0 ? ` Of the others ${changing} change; ${ofData}.` : "";
            return `${plural(failed, "stack")} could not be compared.${rest}`;
        }
        case "data":
            return `${sentence(ofData)}. ${changing} of ${plural(stacks.length, "stack")} change.`;
        case "changes":
            return `${changing} of ${plural(stacks.length, "stack")} change; ${ofData}.`;
        case "none":
            return `No change in ${plural(stacks.length, "stack")}.`;
    }
}

function sentence(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
