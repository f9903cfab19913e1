/** The pages of `docs/policies/`, made from the rules: one a rule, and an index by framework. */
import type { Framework } from "../frameworks/framework";
import type { Rule } from "../core/rule";
import { ENVIRONMENTS, policyName } from "../core/rule";
import { RULES } from "../rules";

export interface Page {
    /** In `docs/policies/`. */
    name: string;
    content: string;
}

/** All that a rule refers to. */
const FRAMEWORKS: readonly Framework[] = [
    ...new Set(RULES.flatMap(({ references }) => references.map(({ framework }) => framework))),
];

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
        "A control counts as covered by a rule when the rule checks what a resource's properties say of it. What a cluster, a person or a process has to do beside that no rule sees.",
        ...FRAMEWORKS.flatMap(coverage),
    ].join("\n\n");
}

function coverage(framework: Framework): string[] {
    const controls = Object.entries(framework.controls).map(([control, title]) => ({
        control,
        title,
        rules: RULES.filter(({ references }) =>
            references.some((reference) => reference.framework === framework && reference.control === control),
        ),
    }));
    const covered = controls.filter(({ rules }) => rules.length > 0).length;
    return [
        `### [${framework.name} ${framework.version}](${framework.url})`,
        `Rules look at ${covered} of ${controls.length} controls.`,
        table(
            ["Control", "Title", "Rules"],
            controls.map(({ control, title, rules }) => [control, title, rules.map(link).join(", ") || "none"]),
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
