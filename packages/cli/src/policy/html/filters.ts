/** What violations are searched and filtered by. Shown by the script, which does it. */
import type { Violation } from "@groundwork/policies/core/results";
import { SEVERITIES } from "@groundwork/policies/core/rule";

import type { Judged } from "../judge";
import { html, type Markup } from "./markup";

export function filters({ violations, stacks, trend }: Judged): Markup {
    const values = (of: (violation: Violation) => string[]) => [...new Set(violations.flatMap(of))].sort();
    const severities = values(({ rule }) => [rule.severity]);
    const resources = values(({ resource }) => [resource]);
    const titles = new Map(violations.map(({ rule }) => [rule.id as string, `${rule.id} ${rule.title}`]));
    return html`<form id="filters" hidden>
        <div class="field search">
            <label for="search">Search</label
            ><input type="search" id="search" name="search" autocomplete="off" aria-keyshortcuts="/" />
        </div>
        ${select(
            "severity",
            "Severity",
            SEVERITIES.filter((severity) => severities.includes(severity)),
        )}
        ${select("enforcement", "Enforcement", values(({ level }) => [level]).reverse())}
        ${trend && select("state", "Baseline", ["new", "unchanged"])}
        ${select("framework", "Framework", values(frameworksOf))}
        ${select("rule", "Rule", [...titles.keys()].sort(), titles)}
        ${stacks.length > 1 ? select("stack", "Stack", stacks) : undefined} ${select("resource", "Resource", resources)}
        <div class="field">
            <label for="group">Group by</label
            ><select id="group" name="group">
                <option value="">Rule</option>
                <option value="resource">Resource</option>
            </select>
        </div>
        <div class="buttons">
            <button type="reset">Clear</button><button type="button" id="fold">Collapse all</button>
        </div>
        <p id="shown" role="status"></p>
    </form> `;
}

/** Names of the frameworks that a violation's rule refers to. */
export function frameworksOf({ rule }: Pick<Violation, "rule">): string[] {
    return [...new Set(rule.references.map(({ framework }) => `${framework.name} ${framework.version}`))];
}

function select(name: string, label: string, values: readonly string[], titles?: ReadonlyMap<string, string>): Markup {
    const options = values.map((value) => html`<option value="${value}">${titles?.get(value) ?? value}</option>`);
    return html`<div class="field">
        <label for="${name}">${label}</label
        ><select id="${name}" name="${name}">
            <option value="">All</option>
            ${options}
        </select>
    </div>`;
}
