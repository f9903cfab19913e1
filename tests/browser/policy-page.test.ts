/** The page of policy results in a real browser, as a file that somebody was sent. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { trendOf } from "../../packages/cli/src/policy/baseline";
import { asHtml } from "../../packages/cli/src/policy/html/page";
import { asJunit } from "../../packages/cli/src/policy/junit";
import { temporary } from "../temporary";
import { judged, pod } from "../unit/cli/policy/judged";
import { launch, PATIENCE_MS } from "./chromium";

const AXE = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");

const HOSTILE = `a"><script>document.title='taken'</script><img src=//example.org/x onerror=alert(1)>`;

const DOCKERFILE = "FROM debian\nRUN curl http://example.org/a | sh\n";
const COMPOSE = "services:\n  web:\n    image: nginx:${TAG}\n    network_mode: host\n";
const WAIVER = `- rule: GW-DOC-010
  resource: Container/web
  reason: It listens on all addresses of its host.
  owner: platform
  ticket: OPS-1
  expires: 2999-12-31
`;

/** Enough for every part of the page, and no more: what axe takes grows with what it looks at. */
const CONFIGURATION = {
    all: "disabled",
    "gw-k8s-001-privileged": "mandatory",
    "gw-k8s-002-host-namespaces": "mandatory",
    "gw-k8s-047-recommended-labels": "advisory",
    "gw-doc-010-host-network": "mandatory",
    "gw-doc-060-latest": "mandatory",
    "gw-doc-086-dockerfile-piped-script": "mandatory",
};

const results = judged({
    "config.json": JSON.stringify(CONFIGURATION),
    "pod.yaml": `${pod(HOSTILE)}---\n${pod("worker")}`,
    Dockerfile: DOCKERFILE,
    "compose.yaml": COMPOSE,
    "broken.yaml": "a: [\n",
    "waivers.yaml": WAIVER,
});
results.trend = trendOf(results, [
    {
        ...{
            rule: "GW-K8S-001",
            title: "Containers are not privileged",
            severity: "critical",
            enforcement: "mandatory",
        },
        ...{ resource: "Pod/shop/gone", path: "", message: "must not be true" },
    },
]);

const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

describe("the page of results", () => {
    const file = join(temporary("browser"), "policy.html");
    let browser: Browser;

    beforeAll(async () => {
        writeFileSync(file, asHtml(results));
        browser = await launch();
    });
    afterEach(async () => {
        for (const context of browser.contexts()) await context.close();
    });
    afterAll(() => browser.close());

    /** @returns the page, and what it asked the network for or complained of */
    async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; said: string[] }> {
        const context = await browser.newContext({ viewport: WIDE, ...options });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        const said: string[] = [];
        page.on("request", (request) => said.push(request.url()));
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        page.on("dialog", (dialog) => said.push(dialog.message()));
        await page.goto(`file://${file}`);
        return { page, said };
    }

    const shown = (page: Page) => page.locator("#groups li[data-rule]:visible");

    test("asks nothing of the network and runs nothing that a name holds", async () => {
        const { page, said } = await open();
        expect(said).toEqual([`file://${file}`]);
        expect(await page.title()).toMatch(/^Policy results: /);
        expect(await page.locator("img, iframe, object, link").count()).toBe(0);
        expect(await page.locator("#groups").textContent()).toContain(HOSTILE);
    });

    test.each<[string, BrowserContextOptions]>([
        ["in light colours", { colorScheme: "light" }],
        ["in dark colours", { colorScheme: "dark" }],
        ["on a phone", { viewport: PHONE, hasTouch: true }],
        ["on a phone, in dark colours", { viewport: PHONE, colorScheme: "dark" }],
    ])("axe finds nothing %s, by rule and by resource, with all of it open", async (_where, options) => {
        const { page } = await open(options);
        await page.evaluate(AXE);
        for (const grouping of ["", "resource"]) {
            await page.selectOption("#group", grouping);
            await page.evaluate(`for (const each of document.querySelectorAll("details")) each.open = true`);
            const { violations } = await page.evaluate<AxeResults>("axe.run()");
            expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
        }
        const width = await page.evaluate<number>("document.documentElement.scrollWidth");
        expect(width).toBeLessThanOrEqual(options.viewport?.width ?? WIDE.width);
    });

    test("filters by each of its fields, searches in all that is said, and says how many are shown", async () => {
        const { page } = await open();
        const all = results.violations.length;
        expect(await shown(page).count()).toBe(all);
        for (const [field, value, expected] of [
            ["severity", "critical", 2],
            ["enforcement", "advisory", 6],
            ["framework", "CIS Docker Benchmark 1.6.0", 2],
            ["framework", "Pod Security Standards v1.37", 4],
            ["rule", "GW-K8S-001", 2],
            ["resource", "Pod/shop/worker", 5],
            ["state", "unchanged", 0],
            ["state", "new", all],
        ] as const) {
            await page.selectOption(`#${field}`, value);
            expect([value, await shown(page).count()]).toEqual([value, expected]);
            if (value !== "new") await page.selectOption(`#${field}`, "");
        }
        await page.click("text=Clear");
        await expect.poll(() => shown(page).count()).toBe(all);
        await page.fill("#search", "worker privileged must not be true");
        expect(await page.textContent("#shown")).toBe(`${await shown(page).count()} of ${all} shown`);
        expect(await shown(page).count()).toBeGreaterThan(0);
        expect(await page.locator(".group:visible").count()).toBe(1);
        await page.fill("#search", "nothing is called that");
        expect(await page.isVisible("#nothing")).toBe(true);
    });

    test("keeps what is chosen in its address, so that another reader sees the same", async () => {
        const { page } = await open();
        await page.selectOption("#rule", "GW-K8S-001");
        await page.selectOption("#group", "resource");
        const { page: other } = await open();
        await other.goto(page.url());
        await other.reload();
        expect(await shown(other).count()).toBe(2);
        expect(await other.locator(".group:visible h3").allTextContents()).toEqual(
            ["Pod/shop/worker", `Pod/shop/${HOSTILE}`].sort(),
        );
    });

    test("by resource names each violation's rule, and by rule is as it was", async () => {
        const { page } = await open();
        const text = async () => (await page.innerText("#groups")).replace(/\s+/g, " ");
        const before = await text();
        await page.selectOption("#group", "resource");
        expect(await shown(page).first().locator(".of").textContent()).toMatch(/GW-/);
        await page.selectOption("#group", "");
        expect(await text()).toBe(before);
    });

    test("is worked by keys alone: to the search and out of it, through fields and groups", async () => {
        const { page } = await open();
        const active = () => page.evaluate<string>("document.activeElement.id");
        await page.keyboard.press("/");
        expect(await active()).toBe("search");
        await page.keyboard.type("worker");
        expect(await shown(page).count()).toBeLessThan(results.violations.length);
        await page.keyboard.press("Escape");
        expect(await shown(page).count()).toBe(results.violations.length);
        await page.keyboard.press("Tab");
        expect(await active()).toBe("severity");
        await page.locator("#fold").focus();
        await page.keyboard.press("Enter");
        expect(await shown(page).count()).toBe(0);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        expect(await shown(page).count()).toBeGreaterThan(0);
    });

    test("takes the reader's colours, and others when it is asked to, from then on", async () => {
        const { page } = await open({ colorScheme: "dark" });
        const back = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        expect(await back()).toBe("rgb(13, 17, 23)");
        await page.click("#theme");
        expect(await back()).toBe("rgb(255, 255, 255)");
        await page.reload();
        expect(await back()).toBe("rgb(255, 255, 255)");
    });

    test("leads from a framework's control to its rule, though the table is closed", async () => {
        const { page } = await open();
        await page.locator(".framework summary").first().click();
        await page.click('.framework a[href="#GW-K8S-001"]');
        await expect.poll(() => page.isVisible("#GW-K8S-001")).toBe(true);
    });

    test("is read without JavaScript: all lists, and no field that would do nothing", async () => {
        const { page } = await open({ javaScriptEnabled: false });
        expect(await shown(page).count()).toBe(results.violations.length);
        expect(await page.locator("#filters:visible, #theme:visible").count()).toBe(0);
        for (const id of ["fixed", "waived", "not-evaluated", "unreadable"])
            expect(await page.locator(`#${id} li`).first().isVisible()).toBe(true);
    });
});

test("JUnit's XML is well-formed, whatever names hold", async () => {
    const browser = await launch();
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const xml = asJunit(results);
    const found = await page.evaluate<{ error: string | null; failures: number }>(`(() => {
        const document = new DOMParser().parseFromString(${JSON.stringify(xml)}, "application/xml");
        const error = document.querySelector("parsererror");
        return { error: error && error.textContent, failures: document.querySelectorAll("failure").length };
    })()`);
    await browser.close();
    expect(found).toEqual({ error: null, failures: results.violations.length });
});
