/** The page of a frontend: the system's title, and what its API says of itself. */
import type { Router } from "../http/router";

interface PageOptions {
    title: string;
    /** Address of the API as browsers see it; empty: the page's own. */
    apiBase: string;
    healthPath: string;
}

/** A file of its own, so that a content security policy need not allow inline scripts. */
const SCRIPT = `const { api, health } = document.body.dataset;
const state = document.querySelector("output");
try {
    const response = await fetch(api + health, { signal: AbortSignal.timeout(5000) });
    state.textContent = JSON.stringify(await response.json(), null, 2);
    state.dataset.state = response.ok ? "up" : "down";
} catch (error) {
    state.textContent = "The API cannot be reached: " + error.message;
    state.dataset.state = "down";
}
`;

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem; color: #1b1f24 }
output { display: block; white-space: pre-wrap; font: 14px/1.5 ui-monospace, monospace; padding: 1rem; border-left: 4px solid #8c959f }
output[data-state="up"] { border-color: #1a7f37 }
output[data-state="down"] { border-color: #cf222e }
`;

export function addPageRoutes(router: Router, options: PageOptions): void {
    const page = render(options);
    router.add("GET", "/", () => ({ body: page, type: "text/html; charset=utf-8" }));
    router.add("GET", "/app.js", () => ({ body: SCRIPT, type: "text/javascript; charset=utf-8" }));
    router.add("GET", "/app.css", () => ({ body: STYLE, type: "text/css; charset=utf-8" }));
}

function render({ title, apiBase, healthPath }: PageOptions): string {
    return `<!doctype html>
<html lang="en">
    <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${escape(title)}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/app.css" />
        <script type="module" src="/app.js"></script>
    </head>
    <body data-api="${escape(apiBase)}" data-health="${escape(healthPath)}">
        <h1>${escape(title)}</h1>
        <p>A sample that stands for the real web app. Its API says:</p>
        <output>…</output>
    </body>
</html>
`;
}

function escape(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
