/**
 * The results as one page for people who decide on them: all of it is in the file, nothing is fetched, and lists can be read without the
 * script, which only searches, filters and groups.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { SEVERITIES } from "@groundwork/policies/core/rule";

import { version } from "../../../../../package.json";
import { plural } from "../../ui/text";
import type { Judged } from "../judge";
import { filters } from "./filters";
import { otherLists } from "./lists";
import { html, Markup } from "./markup";
import { frameworkTables, ruleTable } from "./rules";
import { groups } from "./violations";

export function asHtml(judged: Judged): string {
    const [style, script] = ["style.css", "script.js"].map((file) => readFileSync(join(__dirname, file), "utf8"));
    // Made apart from the page, whose spaces are a formatter's: the hashes are of these bytes.
    const elements = {
        style: new Markup(`<style>${style}</style>`),
        script: new Markup(`<script>${script}</script>`),
    };
    // Were a name of a resource not escaped, it could still do nothing.
    const policy = `default-src 'none'; style-src '${hashOf(style!)}'; script-src '${hashOf(script!)}'; base-uri 'none'; form-action 'none'`;
    const page = html`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta http-equiv="Content-Security-Policy" content="${policy}" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>Policy results: ${judged.subjects.join(", ")}</title>
                ${elements.style}
            </head>
            <body>
                <a class="skip" href="#violations">To the violations</a>
                <header>
                    <div class="title">
                        <h1>Policy results</h1>
                        <button type="button" id="theme" hidden>Dark</button>
                    </div>
                    <p class="subjects">${judged.subjects.map((subject) => html`<code>${subject}</code> `)}</p>
                    ${verdict(judged)} ${totals(judged)}
                </header>
                <main>
                    <section id="violations" aria-labelledby="violations-title" tabindex="-1">
                        <h2 id="violations-title">Violations</h2>
                        ${judged.violations.length === 0 ? html`<p>None.</p>` : html`${filters(judged)}${groups(judged)}`}
                    </section>
                    ${otherLists(judged)} ${frameworkTables(judged)} ${ruleTable(judged)}
                </main>
                <footer>
                    <p>Made by <code>gw policy</code> ${version}.</p>
                </footer>
                ${elements.script}
            </body>
        </html> `;
    return page.text;
}

function hashOf(text: string): string {
    return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function verdict({ violations, unreadable, trend }: Judged): Markup {
    const mandatory = violations.filter(({ level }) => level === "mandatory").length;
    const said = [
        violations.length === 0
            ? "No rule is violated."
            : `${plural(mandatory, "mandatory violation")}, ${violations.length - mandatory} advisory.`,
        ...(trend ? [`Since the baseline: ${trend.isNew.size} new, ${trend.fixed.length} fixed.`] : []),
        ...(unreadable.length > 0
            ? [`${plural(unreadable.length, "part")} could not be read, and nothing in it was judged.`]
            : []),
    ];
    const state = mandatory + unreadable.length > 0 ? "bad" : violations.length > 0 ? "fair" : "good";
    return html`<p class="verdict ${state}">${said.join(" ")}</p>`;
}

function totals({ rules, resources, violations, notEvaluated, waived }: Judged): Markup {
    const counted = SEVERITIES.map((severity) => ({
        name: severity as string,
        kind: severity as string,
        count: violations.filter(({ rule }) => rule.severity === severity).length,
    }));
    const others = [
        { name: "waived", count: waived.length },
        { name: "not evaluated", count: notEvaluated.length },
        { name: "resources", count: resources },
        { name: "rules", count: rules.length },
    ].map((each) => ({ ...each, kind: "other" }));
    const tiles = [...counted, ...others].map(
        ({ name, kind, count }) =>
            html`<div class="${kind}${count === 0 ? " none" : ""}">
                <dt>${name}</dt>
                <dd>${count}</dd>
            </div>`,
    );
    return html`<dl class="totals">${tiles}</dl>`;
}
