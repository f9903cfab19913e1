/** The lists of what is no violation: each only where there is any, and what is said of several once. */
import type { Rule } from "@groundwork/policies/core/rule";

import type { PastViolation } from "../baseline";
import type { Judged } from "../judge";
import { html, type Markup } from "./markup";
import { place } from "./violations";

/** Up to so many places are all seen at once. */
const FEW = 3;

export function otherLists({ notEvaluated, waived, unreadable, trend }: Judged): Markup {
    return html`${list("fixed", "Fixed since the baseline", trend?.fixed ?? [], ({ rule }) => rule, past)}${list(
        "not-judged",
        "In the baseline, and not judged now",
        trend?.notJudged ?? [],
        ({ rule }) => rule,
        past,
    )}${list(
        "waived",
        "Waived",
        waived,
        ({ rule, reason, owner, ticket, expires }) => [rule.id, reason, owner, ticket, expires].join("\0"),
        ([first, ...more]) => {
            const { rule, reason, owner, ticket, expires } = first;
            return html`${titleOf(rule.id, rule)}
                <p>${reason}</p>
                <p class="where">Owner ${owner}, ticket ${ticket}, until ${expires}</p>
                ${places([first, ...more].map((each) => what(each, each.message)))}`;
        },
    )}${list(
        "not-evaluated",
        "Not evaluated, since a value is not known yet",
        notEvaluated,
        ({ rule }) => rule.id,
        ([first, ...more]) =>
            html`${titleOf(first.rule.id, first.rule)} ${places([first, ...more].map((each) => what(each)))}`,
    )}${list(
        "unreadable",
        "Not readable",
        unreadable,
        ({ file, line }) => `${file}:${line}`,
        (found) =>
            html`${found.map(({ message }) => html`<p class="what">${message}</p>`)}
                <p class="where"><code class="file">${found[0].file}:${found[0].line}</code></p>`,
    )}`;
}

function past([first, ...more]: Several<PastViolation>): Markup {
    return html`${titleOf(first.rule, first)} ${places([first, ...more].map((each) => what(each, each.message)))}`;
}

function titleOf(id: string, { title }: Pick<Rule, "title">): Markup {
    return html`<p class="what"><span class="id">${id}</span> ${title}</p>`;
}

function what({ path, ...at }: { stack?: string; resource: string; path: string }, message?: string): Markup {
    return html`${place(at)} ${path === "" ? undefined : html`<code>${path}</code> `}${message}`;
}

function places(all: Markup[]): Markup {
    const items = html`<ul class="places">
        ${all.map((each) => html`<li class="where">${each}</li> `)}
    </ul>`;
    if (all.length <= FEW) return items;
    return html`<details>
        <summary>${all.length} places</summary>
        ${items}
    </details>`;
}

type Several<T> = [T, ...T[]];

/** @param key of those that are told of together */
function list<T>(
    id: string,
    title: string,
    items: readonly T[],
    key: (item: T) => string,
    text: (alike: Several<T>) => Markup,
): Markup | undefined {
    if (items.length === 0) return undefined;
    const byKey = new Map<string, Several<T>>();
    for (const item of items) {
        const alike = byKey.get(key(item));
        if (alike) alike.push(item);
        else byKey.set(key(item), [item]);
    }
    return html`<section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title} <span class="count">${items.length}</span></h2>
        <ul class="list">
            ${[...byKey.values()].map((alike) => html`<li>${text(alike)}</li> `)}
        </ul>
    </section> `;
}
