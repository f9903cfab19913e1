/** Violations by rule, the gravest first, and the lists of what is none of them. */
import type { Violation } from "@groundwork/policies/core/results";
import type { Rule } from "@groundwork/policies/core/rule";

import type { PastViolation } from "../baseline";
import { byRule } from "../by-rule";
import type { Judged } from "../judge";
import { frameworksOf } from "./filters";
import { html } from "./markup";
import type { Markup } from "./markup";

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

function place({ stack, resource }: { stack?: string; resource: string }): Markup {
    return html`${stack === undefined ? undefined : html`<code>${stack}</code> `}<code class="resource"
            >${resource}</code
        >`;
}

/** Fixed, waived, not evaluated, not readable: each only where there is any. */
export function otherLists({ notEvaluated, waived, unreadable, trend }: Judged): Markup {
    return html`${list("fixed", "Fixed since the baseline", trend?.fixed ?? [], past)}${list(
        "not-judged",
        "In the baseline, and not judged now",
        trend?.notJudged ?? [],
        past,
    )}${list("waived", "Waived", waived, ({ rule, message, path, reason, owner, ticket, expires, ...at }) => {
        return html`<p class="what"><span class="id">${rule.id}</span> ${rule.title}</p>
            <p>${reason}</p>
            <p class="where">${place(at)} ${path === "" ? undefined : html`<code>${path}</code> `}${message}</p>
            <p class="where">Owner ${owner}, ticket ${ticket}, until ${expires}</p>`;
    })}${list(
        "not-evaluated",
        "Not evaluated, since a value is not known yet",
        notEvaluated,
        ({ rule, path, ...at }) => {
            return html`<p class="what"><span class="id">${rule.id}</span> ${rule.title}</p>
                <p class="where">${place(at)} <code>${path}</code></p>`;
        },
    )}${list("unreadable", "Not readable", unreadable, ({ file, line, message }) => {
        return html`<p class="what">${message}</p>
            <p class="where"><code class="file">${file}:${line}</code></p>`;
    })}`;
}

function past({ rule, title, path, message, ...at }: PastViolation): Markup {
    return html`<p class="what"><span class="id">${rule}</span> ${title}</p>
        <p class="where">${place(at)} ${path === "" ? undefined : html`<code>${path}</code> `}${message}</p>`;
}

function list<T>(id: string, title: string, items: readonly T[], text: (item: T) => Markup): Markup | undefined {
    if (items.length === 0) return undefined;
    return html`<section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title} <span class="count">${items.length}</span></h2>
        <ul class="list">
            ${items.map((each) => html`<li>${text(each)}</li> `)}
        </ul>
    </section> `;
}
