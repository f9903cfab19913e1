/** Violations by rule, the gravest first. */
import type { Violation } from "@groundwork/policies/core/results";
import type { Rule } from "@groundwork/policies/core/rule";

import { byRule } from "../by-rule";
import type { Judged } from "../judge";
import { frameworksOf } from "./filters";
import { html, type Markup } from "./markup";

export function groups(judged: Judged): Markup {
    return html`<div id="groups">${byRule(judged.violations).map(([rule, found]) => group(rule, found, judged))}</div>
        <p id="nothing" hidden>No violation is like that.</p> `;
}

function group(rule: Rule, found: readonly Violation[], judged: Judged): Markup {
    return html`<details class="group" open data-rule="${rule.id}">
        <summary>
            ${severityBadge(rule)}
            <h3><span class="id">${rule.id}</span> ${rule.title}</h3>
            <span class="count">${found.length}</span>
        </summary>
        <div class="about">${about(rule)}</div>
        <ul class="violations">
            ${found.map((violation) => item(violation, judged))}
        </ul>
    </details> `;
}

export function severityBadge({ severity }: Pick<Rule, "severity">): Markup {
    return html`<span class="badge ${severity}">${severity}</span>`;
}

/** Why a rule is, what to do, and what asks for it. */
function about({ why, remedy, references }: Rule): Markup {
    const controls = references.map(
        ({ framework, control }) =>
            html`<li>
                <a href="${framework.url}" rel="noreferrer">${framework.name} ${framework.version}</a>: ${control},
                ${framework.controls[control] ?? ""}
            </li>`,
    );
    return html`<dl>
        <dt>Why</dt>
        <dd>${why}</dd>
        <dt>What to do</dt>
        <dd>${remedy}</dd>
        ${
            controls.length > 0
                ? html`<dt>Asked for by</dt>
                      <dd>
                          <ul>
                              ${controls}
                          </ul>
                      </dd>`
                : undefined
        }
    </dl>`;
}

function item(violation: Violation, { trend }: Judged): Markup {
    const { rule, level, stack, resource, path, message, location } = violation;
    const state = trend && (trend.isNew.has(violation) ? "new" : "unchanged");
    return html`<li
        data-severity="${rule.severity}"
        data-enforcement="${level}"
        data-rule="${rule.id}"
        data-resource="${resource}"
        data-stack="${stack}"
        data-state="${state}"
        data-framework="${frameworksOf(violation).join("|")}"
    >
        <p class="what">${path === "" ? undefined : html`<code>${path}</code> `}${message}</p>
        <p class="where">
            <span class="badge ${level}">${level}</span>
            ${state === "new" ? html`<span class="badge new">new</span> ` : undefined}${place({ stack, resource })}${location && html` <code class="file">${location.file}:${location.line}</code>`}
        </p>
    </li> `;
}

export function place({ stack, resource }: { stack?: string; resource: string }): Markup {
    return html`${stack === undefined ? undefined : html`<code>${stack}</code> `}<code class="resource"
            >${resource}</code
        >`;
}
