import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { html } from "../../../../packages/cli/src/policy/html/markup";
import { asHtml } from "../../../../packages/cli/src/policy/html/page";
import { judged, pod } from "./judged";

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u202E&amp;</style>`;
const SECRET = "hunter2-of-nobody";

describe("the page of results", () => {
    const env = `      env:\n        - name: DB_PASSWORD\n          value: ${SECRET}\n`;
    const page = asHtml(judged({ "pod.yaml": pod(HOSTILE, env), "broken.yaml": "a: [\n" }));

    test("takes names for text, whatever is in them", () => {
        expect(page).toContain("Pod/shop/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
        expect(page.match(/<script/g)).toHaveLength(1);
        expect(page.match(/<\/style>/g)).toHaveLength(1);
        expect(page).not.toMatch(/<img|\u202E/);
    });

    test("has all that is asked of a violation, and what could not be read", () => {
        for (const text of [
            "GW-K8S-001",
            "Containers are not privileged",
            "<dt>Why</dt>",
            "<dt>What to do</dt>",
            "baseline/privileged, Privileged Containers",
            "container app: must not be true",
            "spec.containers[0].securityContext.privileged",
        ])
            expect(page.replace(/\s+/g, " ")).toContain(text);
        expect(page).toMatch(/<code class="file">[^<]*pod\.yaml:12<\/code>/);
        expect(page).toContain("1 part could not be read");
        expect(page).toMatch(/<code class="file">[^<]*broken\.yaml:2<\/code>/);
    });

    test("has no secret in it, though the file has", () => {
        expect(page).toContain("GW-K8S-051");
        expect(page).not.toContain(SECRET);
    });

    test("allows nothing but its own style and script, which it names by their hashes", () => {
        const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
        expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^ ]+'; script-src 'sha256-[^ ]+';/);
        for (const tag of ["style", "script"]) {
            const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)![1]!;
            expect(policy).toContain(`${tag}-src 'sha256-${createHash("sha256").update(content).digest("base64")}'`);
        }
    });

    test("is the same for the same results", () => {
        const results = judged({ "pod.yaml": pod() });
        expect(asHtml(results)).toBe(asHtml(results));
    });
});

test("a template makes markup of templates alone", () => {
    const inner = html`<b>${"<i>"}</b>`;
    expect(html`<p title="${`"x"`}">${inner}${undefined}${[inner, inner]}${1}</p>`.text).toBe(
        `<p title="&quot;x&quot;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b><b>&lt;i&gt;</b>1</p>`,
    );
});
