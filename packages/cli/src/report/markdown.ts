/** A report as the one comment on a pull request. Pure: report in, text out. */
import { plural } from "../ui/text";
import { endangers } from "./changes";
import { codeBlock, codeSpan, html, listed, shortened } from "./markup";
import type { Change, ChangeKind, Place, PolicyViolation, Report, ReportedRevision } from "./types";
import { headline } from "./verdict";

/** By which the comment is found again. */
export const MARKER = "<!-- groundwork-report -->";

/** A comment on GitHub has fewer than 65,536 characters. */
export const MOST_CHARACTERS = 65_535;

/** For the line that says what was left out. */
const RESERVE = 500;
/** Characters of a program's error output. */
const MOST_OF_A_FAILURE = 3_000;

const VERBS: Record<ChangeKind, string> = {
    delete: "delete",
    replace: "replace",
    unprotect: "no longer protected",
    update: "update",
    create: "create",
};

export function toMarkdown(report: Report, most = MOST_CHARACTERS): string {
    const { changes, failures, notes, policies, stacks } = report;
    const compared = `${revision(report.base)} → ${revision(report.head)}`;
    const told = changes.length + failures.length + policies.found.length + policies.fixed.length;
    if (told === 0 && stacks.every(({ only }) => only === undefined)) {
        return [MARKER, `${headline(report)} ${compared}.${notes.map((note) => ` ${html(note)}`).join("")}`, ""].join(
            "\n",
        );
    }
    const text = new Bounded(most);
    text.add(`${MARKER}\n### ${html(headline(report))}\n\n${compared}, ${plural(stacks.length, "stack")} compared.\n`);
    for (const note of notes) text.add(`\n> ${html(note)}\n`);
    text.each("\n#### These programs fail\n\n", failures, (failure) => {
        const where = failure.revision === "base" ? report.base : report.head;
        return `${listed(failure.stacks)} at ${revision(where)}:\n\n${codeBlock(shortened(failure.message, MOST_OF_A_FAILURE))}\n`;
    });
    text.each("\n#### Data\n\n", changes.filter(isOfData), dataLine);
    text.each("\n#### New policy violations\n\n", policies.found, violationLine);
    if (policies.fixed.length > 0)
        text.add(`\n${plural(policies.fixed.length, "policy violation")} of the base no longer there.\n`);
    text.add(table(report));
    text.each("\n#### Changes\n\n", changes, changeBlock);
    return text.toString();
}

/** Whether somebody has to think of what the resource holds. */
function isOfData({ stateful, kind }: Change): boolean {
    return stateful && endangers(kind);
}

function dataLine(change: Change): string {
    return `- **${VERBS[change.kind]}** ${codeSpan(change.name)} (${html(change.type)}): ${change.places.map(place).join(", ")}\n`;
}

function place({ stack, refused, kept }: Place): string {
    const said = [
        ...(refused ? ["`up` refuses it: protected"] : []),
        ...(kept && !refused ? ["what it holds is kept"] : []),
    ];
    return codeSpan(stack) + (said.length > 0 ? ` (${said.join(", ")})` : "");
}

function violationLine(violation: PolicyViolation): string {
    const { rule, title, severity, enforcement, resource, path, message, file, line, stacks } = violation;
    const level = enforcement === "mandatory" ? `**${enforcement}**` : enforcement;
    const what = path === "" ? html(message) : `${codeSpan(path)} ${html(message)}`;
    const where = file === undefined ? "" : `, ${codeSpan(`${file}:${line}`)}`;
    return `- ${level}, ${severity}: ${html(`${rule} ${title}`)}: ${codeSpan(resource)} ${what}${where}, in ${listed(stacks)}\n`;
}

function table({ stacks }: Report): string {
    const changed = stacks.filter(({ counts, only }) => only !== undefined || total(counts) > counts.same);
    const unchanged = stacks.filter((stack) => !changed.includes(stack)).map(({ stack }) => stack);
    const rows = changed.map(({ stack, counts, only }) => {
        const note = only === "head" ? " (new)" : only === "base" ? " (its file goes; what runs stays)" : "";
        const { create, update, replace, delete: gone, same } = counts;
        return `| ${codeSpan(stack)}${note} | ${[create, update, replace, gone, same].join(" | ")} |`;
    });
    const head = [
        "| Stack | Create | Update | Replace | Delete | Unchanged |",
        "| --- | --: | --: | --: | --: | --: |",
    ];
    const rest = unchanged.length > 0 ? `\nNo resource changes in ${listed(unchanged)}.\n` : "";
    return changed.length > 0 ? `\n${[...head, ...rows].join("\n")}\n${rest}` : rest;
}

function total(counts: Report["stacks"][number]["counts"]): number {
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function changeBlock(change: Change): string {
    const { kind, lines, name, places, type } = change;
    const stacks = places.length === 1 ? places[0]!.stack : plural(places.length, "stack");
    const title = `${VERBS[kind]} <code>${html(name)}</code> ${html(type)} in ${html(stacks)}`;
    const parts = [
        ...(places.length === 1 ? [] : [`In ${listed(places.map(({ stack }) => stack))}.`]),
        ...(lines.length > 0 ? [codeBlock(lines.join("\n"), "diff")] : []),
    ];
    if (parts.length === 0) return `- ${title}\n\n`;
    return `<details><summary>${title}</summary>\n\n${parts.join("\n\n")}\n\n</details>\n\n`;
}

function revision({ ref, commit, uncommitted }: ReportedRevision): string {
    const short = commit.slice(0, 10);
    const name = commit.startsWith(ref) ? codeSpan(short) : `${codeSpan(ref)} (${short}${uncommitted > 0 ? "+" : ""})`;
    return name;
}

/** Takes whole parts as long as there is room for them, and says how many it did not take. */
class Bounded {
    private text = "";
    private full = false;

    constructor(private readonly most: number) {}

    add(part: string): void {
        if (this.fits(part)) this.text += part;
        else this.full = true;
    }

    /** @param items the most important first: none is taken after one that was left out */
    each<T>(title: string, items: T[], partOf: (item: T) => string): void {
        let taken = 0;
        let text = title;
        for (const item of items) {
            const part = partOf(item);
            if (this.full || !this.fits(text + part)) break;
            this.text += text + part;
            text = "";
            taken++;
        }
        const left = items.length - taken;
        if (left === 0) return;
        this.full = true;
        this.text += `${text}\n_${left} of ${items.length} are left out for a comment's length, those of less weight; the command with \`--format json\` says all._\n`;
    }

    toString(): string {
        return this.text;
    }

    private fits(part: string): boolean {
        return this.text.length + part.length + RESERVE <= this.most;
    }
}
