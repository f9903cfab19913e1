import { checkDocker } from "../doctor/docker";
import { checkKubernetes } from "../doctor/kubernetes";
import { checkDebootstrap, checkDockerCli, checkKernel, checkNode, checkPulumi } from "../doctor/machine";
import type { Finding } from "../doctor/types";
import { EXIT } from "../errors";
import type { StackOptions } from "../options";
import { findProject, stacksWithFile } from "../project";
import type { Place } from "../runtime/open";
import { openSession } from "../session";
import { stackName } from "../stack/resolve";
import type { Output } from "../ui/output";
import { displayWidth, pad } from "../ui/text";
import { asCalled } from "../words";
import { placeOf } from "../runtime/deployed";

/**
 * Says what this machine, and the cluster of a stack on Kubernetes, lack. Exit code 1 when something is missing without which nothing can
 * be deployed.
 */
export async function doctor(options: StackOptions, output: Output): Promise<number> {
    const place = await placeToCheck(options, output);
    const [node, pulumi] = [checkNode(), await checkPulumi()];
    const findings =
        place.target === "kubernetes"
            ? [node, ...(await checkKubernetes(place)), pulumi]
            : [node, ...(await checkDockerMachine(place.docker.host, pulumi))];
    const missing = findings.filter((f) => f.status === "missing").length;
    if (output.json)
        output.printJson({ ok: missing === 0, findings: findings.map((f) => ({ ...f, name: f.name.trim() })) });
    else output.print(...render(findings, output), "", verdict(findings, output));
    return missing === 0 ? EXIT.done : EXIT.failed;
}

/** Where there is no stack to ask about, this machine is for Docker. */
async function placeToCheck(options: StackOptions, output: Output): Promise<Place> {
    const { stack, system, env } = options;
    const isNamed = stack !== undefined || system !== undefined || env !== undefined;
    if (!isNamed && !stacksWithFile(findProject(options.cwd)).includes(stackName(options))) {
        return { target: "docker", docker: {}, kubernetes: {}, stores: {} };
    }
    return placeOf(await openSession(options, output));
}

/** @param host of the stack's engine, on which its containers run; what is built, is built from here */
async function checkDockerMachine(host: string | undefined, pulumi: Finding): Promise<Finding[]> {
    const [docker, cli] = await Promise.all([checkDocker(host), checkDockerCli()]);
    const debootstrap = await checkDebootstrap(docker.registry === false);
    // Another machine's kernel cannot be asked.
    return [cli, ...docker.findings, debootstrap, pulumi, ...(docker.local ? checkKernel() : [])];
}

function render(findings: Finding[], { style }: Output): string[] {
    const width = Math.max(...findings.map((f) => displayWidth(f.name)));
    const marks = { ok: style.green("✓"), warning: style.yellow("!"), missing: style.red("✗") };
    return findings.flatMap((f) => [
        `${marks[f.status]} ${pad(f.name, width)}  ${f.found}`,
        ...(f.remedy === undefined || f.remedy === ""
            ? []
            : [`  ${" ".repeat(width)}  ${style.dim(`→ ${asCalled(f.remedy)}`)}`]),
    ]);
}

function verdict(findings: Finding[], { style }: Output): string {
    const missing = findings.filter((f) => f.status === "missing").map((f) => f.name.trim());
    if (missing.length > 0) return style.red(`Missing: ${missing.join(", ")}. Nothing can be deployed without.`);
    return `${style.green("✓")} This machine can run ${asCalled("gw up")}.`;
}
