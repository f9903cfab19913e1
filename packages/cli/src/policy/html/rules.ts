/** What was asked, and what came of it: by control of each framework, and by rule. */
import type { Rule } from "@groundwork/policies/core/rule";

import { plural } from "../../ui/text";
import type { Judged } from "../judge";
import { html, type Markup } from "./markup";
import { severityBadge } from "./violations";

interface Outcome {
    violated: number;
    waived: number;
    notEvaluated: number;
}

export function frameworkTables(judged: Judged): Markup | undefined {
    const outcomes = outcomesOf(judged);
    const frameworks = new Map(
        judged.rules.flatMap(({ references }) =>
            references.map(({ framework }) => [framework.name, framework] as const),
        ),
    );
    if (frameworks.size === 0) return undefined;
    const tables = [...frameworks.values()].map((framework) => {
        const rows = Object.entries(framework.controls).flatMap(([control, title]) => {
            const rules = judged.rules.filter(({ references }) =>
                references.some((reference) => reference.framework === framework && reference.control === control),
            );
            if (rules.length === 0) return [];
            const ids = rules.map(({ id }) => html`<a href="#${id}">${id}</a> `);
            return html`<tr>
                <th scope="row">${control}</th>
                <td>${outcomeText(rules, outcomes)}</td>
                <td>${title}</td>
                <td>${ids}</td>
            </tr> `;
        });
        const violated = new Set(
            judged.violations.flatMap(({ rule }) =>
                rule.references.filter((each) => each.framework === framework).map(({ control }) => control),
            ),
        );
        return html`<details class="framework">
            <summary>
                <h3>${framework.name} ${framework.version}</h3>
                <span class="count">${violated.size} of ${plural(rows.length, "control")} violated</span>
            </summary>
            <div class="scroll" tabindex="0" role="region" aria-label="${framework.name}">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">Control</th>
                            <th scope="col">Outcome</th>
                            <th scope="col">Title</th>
                            <th scope="col">Rules</th>
                        </tr>
                    </thead>
                    <tbody>
                        ${rows}
                    </tbody>
                </table>
            </div>
        </details> `;
    });
    return html`<section id="frameworks" aria-labelledby="frameworks-title">
        <h2 id="frameworks-title">By framework</h2>
        <p>The controls that rules looked at. What a person or a process has to do beside that no rule sees.</p>
        ${tables}
    </section> `;
}

export function ruleTable(judged: Judged): Markup {
    const outcomes = outcomesOf(judged);
    const rows = judged.rules.map(
        (rule) =>
            html`<tr id="${rule.id}">
                <th scope="row">${rule.id}</th>
                <td>${outcomeText([rule], outcomes)}</td>
                <td>${severityBadge(rule)}</td>
                <td>${rule.title}</td>
            </tr> `,
    );
    return html`<section id="rules" aria-labelledby="rules-title">
        <h2 id="rules-title">Rules that ran <span class="count">${judged.rules.length}</span></h2>
        <details class="rules">
            <summary><h3>What each of them found</h3></summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Rules">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">Rule</th>
                            <th scope="col">Outcome</th>
                            <th scope="col">Severity</th>
                            <th scope="col">What holds where it is kept</th>
                        </tr>
                    </thead>
                    <tbody>
                        ${rows}
                    </tbody>
                </table>
            </div>
        </details>
    </section> `;
}

function outcomesOf({ rules, violations, waived, notEvaluated }: Judged): Map<Rule, Outcome> {
    const outcomes = new Map(rules.map((rule) => [rule, { violated: 0, waived: 0, notEvaluated: 0 }]));
    for (const { rule } of violations) outcomes.get(rule)!.violated++;
    for (const { rule } of waived) outcomes.get(rule)!.waived++;
    for (const { rule } of notEvaluated) outcomes.get(rule)!.notEvaluated++;
    return outcomes;
}

function outcomeText(rules: readonly Rule[], outcomes: ReadonlyMap<Rule, Outcome>): Markup {
    const sum = (key: keyof Outcome) => rules.reduce((total, rule) => total + outcomes.get(rule)![key], 0);
    const [violated, waived, notEvaluated] = [sum("violated"), sum("waived"), sum("notEvaluated")];
    const parts = [
        ...(violated > 0 ? [`${violated} violated`] : []),
        ...(waived > 0 ? [`${waived} waived`] : []),
        ...(notEvaluated > 0 ? [`${notEvaluated} not evaluated`] : []),
    ];
    if (parts.length === 0) return html`<span class="outcome good">nothing found</span>`;
    return html`<span class="outcome ${violated > 0 ? "bad" : "fair"}">${parts.join(", ")}</span>`;
}
