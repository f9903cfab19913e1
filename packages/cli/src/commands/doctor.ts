import { checkDocker } from "../doctor/docker";
import { checkDebootstrap, checkDockerCli, checkKernel, checkNode, checkPulumi } from "../doctor/machine";
import type { Finding } from "../doctor/types";
import { EXIT } from "../errors";
import type { CommonOptions } from "../options";
import type { Output } from "../ui/output";
import { displayWidth, pad } from "../ui/text";

/** Says what this machine lacks. Exit code 1 when something is missing without which nothing can be deployed. */
export async function doctor(_options: CommonOptions, output: Output): Promise<number> {
    const [docker, cli, pulumi] = await Promise.all([checkDocker(), checkDockerCli(), checkPulumi()]);
    const debootstrap = await checkDebootstrap(docker.registry === false);
    const findings = [checkNode(), cli, ...docker.findings, debootstrap, pulumi, ...checkKernel()];
    const missing = findings.filter((f) => f.status === "missing").length;
    if (output.json)
        output.printJson({ ok: missing === 0, findings: findings.map((f) => ({ ...f, name: f.name.trim() })) });
    else output.print(...render(findings, output), "", verdict(findings, output));
    return missing === 0 ? EXIT.done : EXIT.failed;
}

function render(findings: Finding[], { style }: Output): string[] {
    const width = Math.max(...findings.map((f) => displayWidth(f.name)));
    const marks = { ok: style.green("✓"), warning: style.yellow("!"), missing: style.red("✗") };
    return findings.flatMap((f) => [
        `${marks[f.status]} ${pad(f.name, width)}  ${f.found}`,
        ...(f.remedy === undefined || f.remedy === "" ? [] : [`  ${" ".repeat(width)}  ${style.dim(`→ ${f.remedy}`)}`]),
    ]);
}

function verdict(findings: Finding[], { style }: Output): string {
    const missing = findings.filter((f) => f.status === "missing").map((f) => f.name.trim());
    if (missing.length > 0) return style.red(`Missing: ${missing.join(", ")}. Nothing can be deployed without.`);
    return `${style.green("✓")} This machine can run gw up.`;
}
