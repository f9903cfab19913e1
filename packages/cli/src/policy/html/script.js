// Searches, filters and groups what is in the page. Runs in browsers, and may be left out.
"use strict";
(() => {
    const root = document.documentElement;

    /** The browser may forbid storage, as it does for some files. */
    function stored(value) {
        try {
            if (value === undefined) return localStorage.getItem("gw-theme");
            localStorage.setItem("gw-theme", value);
        } catch {
            // Then the choice holds as long as the page is open.
        }
        return null;
    }

    const theme = document.getElementById("theme");
    const isDark = () =>
        root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    function nameTheme() {
        theme.textContent = isDark() ? "Light" : "Dark";
        theme.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
    }
    const chosen = stored();
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    theme.hidden = false;
    nameTheme();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
    theme.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        stored(root.dataset.theme);
        nameTheme();
    });

    // A link to a rule leads into what is closed.
    function openTarget() {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        const around = target?.closest("details");
        if (!around) return;
        around.open = true;
        target.scrollIntoView({ block: "center" });
    }

    const form = document.getElementById("filters");
    if (!form) {
        addEventListener("hashchange", openTarget);
        openTarget();
        return;
    }

    const groups = document.getElementById("groups");
    const byRule = [...groups.children];
    const items = byRule.flatMap((group) =>
        [...group.querySelectorAll(".violations > li")].map((item) => ({
            item,
            group,
            home: item.parentElement,
            text: `${group.querySelector("summary").textContent} ${group.querySelector(".about").textContent} ${item.textContent}`
                .toLowerCase()
                .replace(/\s+/g, " "),
        })),
    );
    const fold = document.getElementById("fold");

    function byResource() {
        const lists = new Map();
        for (const { item, group } of items) {
            const name = [item.dataset.stack, item.dataset.resource].filter(Boolean).join(" ");
            let list = lists.get(name);
            if (!list) {
                const around = document.createElement("details");
                around.className = "group";
                around.open = true;
                const summary = around.appendChild(document.createElement("summary"));
                const title = summary.appendChild(document.createElement("h3"));
                title.appendChild(document.createElement("code")).textContent = name;
                summary.appendChild(document.createElement("span")).className = "count";
                list = around.appendChild(document.createElement("ul"));
                list.className = "violations";
                lists.set(name, list);
            }
            describe(item, group);
            list.append(item);
        }
        return [...lists.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list.parentElement);
    }

    /** Beside the violation what stands above it where they are by rule. */
    function describe(item, group) {
        if (item.querySelector(".of")) return;
        const of = document.createElement("p");
        of.className = "of";
        const [severity, title] = [group.querySelector("summary .badge"), group.querySelector("summary h3")];
        const text = document.createElement("span");
        text.append(...title.cloneNode(true).childNodes);
        of.append(severity.cloneNode(true), text);
        item.prepend(of);
        const more = document.createElement("details");
        more.appendChild(document.createElement("summary")).textContent = "Why, and what to do";
        more.append(group.querySelector(".about").cloneNode(true));
        item.append(more);
    }

    let grouping = "";
    function regroup(wanted) {
        if (wanted === grouping) return;
        grouping = wanted;
        if (wanted === "resource") groups.replaceChildren(...byResource());
        else {
            for (const { item, home } of items) {
                for (const added of item.querySelectorAll(":scope > .of, :scope > details")) added.remove();
                home.append(item);
            }
            groups.replaceChildren(...byRule);
        }
        nameFold();
    }

    const EXACT = ["severity", "enforcement", "state", "rule", "stack", "resource"];

    function apply() {
        const wanted = Object.fromEntries(new FormData(form));
        regroup(wanted.group);
        const words = wanted.search.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const { item, text } of items) {
            const matches =
                EXACT.every((key) => !wanted[key] || item.dataset[key] === wanted[key]) &&
                (!wanted.framework || item.dataset.framework.split("|").includes(wanted.framework)) &&
                words.every((word) => text.includes(word));
            item.hidden = !matches;
            if (matches) shown++;
        }
        for (const group of groups.children) {
            const left = group.querySelectorAll(".violations > li:not([hidden])").length;
            group.hidden = left === 0;
            group.querySelector(".count").textContent = String(left);
        }
        document.getElementById("nothing").hidden = shown > 0;
        document.getElementById("shown").textContent =
            shown === items.length ? `All ${shown} shown` : `${shown} of ${items.length} shown`;
        return wanted;
    }

    /** In the address, so that what one sees can be sent to another. */
    function note(wanted) {
        const set = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
        history.replaceState(null, "", set.size > 0 ? `#?${set}` : location.pathname + location.search);
    }

    function restore() {
        if (!location.hash.startsWith("#?")) return openTarget();
        const set = new URLSearchParams(location.hash.slice(2));
        for (const field of form.elements) if (field.name) field.value = set.get(field.name) ?? "";
        apply();
    }

    const isOpen = () => [...groups.children].some(({ open }) => open);
    function nameFold() {
        fold.textContent = isOpen() ? "Collapse all" : "Expand all";
    }
    fold.addEventListener("click", () => {
        const open = !isOpen();
        for (const group of groups.children) group.open = open;
        nameFold();
    });
    // Toggling does not bubble.
    groups.addEventListener("toggle", nameFold, true);
    form.addEventListener("input", () => note(apply()));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => note(apply())));
    addEventListener("hashchange", restore);
    addEventListener("keydown", (event) => {
        const { search } = form.elements;
        if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
            event.preventDefault();
            search.focus();
        } else if (event.key === "Escape" && document.activeElement === search) {
            search.value = "";
            note(apply());
        }
    });
    form.hidden = false;
    apply();
    restore();
})();
