/** The pages of `docs/policies/`, made from the rules: one a rule, and an index by framework. */
import type { Framework } from "../frameworks/framework";
import { ENVIRONMENTS, policyName, type Rule } from "../core/rule";
import { RULES } from "../rules";
import { coverageOf, type Extent, frameworksOf } from "./coverage";

export interface Page {
    /** In `docs/policies/`. */
    name: string;
    content: string;
}

export function policyPages(): Page[] {
    return [
        { name: "README.md", content: index() },
        ...RULES.map((rule) => ({ name: `${rule.id}.md`, content: page(rule) })),
    ];
}

function page(rule: Rule): string {
    const settings = Object.entries(rule.settings);
    return [
        `# ${rule.id}: ${rule.title}`,
        rule.why,
        `**What to do:** ${rule.remedy}`,
        table(["", ...ENVIRONMENTS], [["Enforcement", ...ENVIRONMENTS.map((environment) => rule.levels[environment])]]),
        `Severity: ${rule.severity}. Name in Pulumi's policy configuration: \`${policyName(rule)}\`.`,
        ...(rule.mend
            ? ["Pulumi mends it before it is deployed where the policy configuration says `remediate`."]
            : []),
        ...(settings.length > 0
            ? [
                  "## Settings",
                  table(
                      ["Setting", "Default", "Meaning"],
                      settings.map(([key, setting]) => [
                          `\`${key}\``,
                          `\`${JSON.stringify(setting.default)}\``,
                          setting.description,
                      ]),
                  ),
              ]
            : []),
        ...(rule.references.length > 0
            ? [
                  "## Frameworks",
                  rule.references
                      .map(
                          ({ framework, control }) =>
                              `- ${framework.name} ${framework.version}, ${control}: ${framework.controls[control]}`,
                      )
                      .join("\n"),
              ]
            : []),
    ].join("\n\n");
}

function index(): string {
    const list = RULES.map((rule) => [
        link(rule),
        rule.title,
        rule.severity,
        ...ENVIRONMENTS.map((environment) => rule.levels[environment]),
    ]);
    return [
        "# Policy rules",
        `${RULES.length} rules judge every resource under \`pulumi up --policy-pack policies\`, and files under \`gw policy --path\`. How each is enforced depends on the stack's environment.`,
        table(["Rule", "What holds", "Severity", ...ENVIRONMENTS], list),
        "## By framework",
        "A control is covered where rules check all that the properties of resources say of it, partly where they check some of it or where there is more to it than that, and else not. Below each framework's name is which part of it is listed; of that part every control is.",
        ...frameworksOf(RULES).flatMap(coverage),
    ].join("\n\n");
}

function coverage(framework: Framework): string[] {
    const controls = coverageOf(framework, RULES);
    const count = (extent: Extent) => controls.filter((control) => control.extent === extent).length;
    return [
        `### [${framework.name} ${framework.version}](${framework.url})`,
        [framework.scope, ...(framework.limit === undefined ? [] : [framework.limit])].join(" "),
        `Of ${controls.length} controls ${count("covered")} are covered, ${count("partly")} partly, ${count("not")} not.`,
        table(
            ["Control", "Title", "", "Rules", "What rules see, or why none does"],
            controls.map(({ control, title, extent, rules, limit = "" }) => [
                ...[control, title.replaceAll("*", "\\*"), extent, rules.map(link).join(", "), limit],
            ]),
        ),
    ];
}

function link({ id }: Rule): string {
    return `[${id}](${id}.md)`;
}

function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
