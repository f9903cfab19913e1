/**
 * What two judges of the field say of the prod stacks' manifests. Cannot prove: that a cluster takes them (e2e/kubernetes/rendered), nor
 * what neither of them looks for.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PLAIN } from "../../packages/cli/src/ui/style";
import { table } from "../../packages/cli/src/ui/table";
import { SYSTEM_KEYS } from "../../systems/types";
import { checkov } from "./checkov";
import { kubeScore } from "./kube-score";
import { Renderings } from "./rendered";
import { ensureCheckov, ensureKubeScore, RegistryRefusedError } from "./tools";
import type { Verdict } from "./verdict";
import { parseWaivers, type Settled, settle } from "./waivers";

const STACKS = SYSTEM_KEYS.map((system) => `${system}-prod`);
const MINUTES = 60_000;

describe("the manifests of the prod stacks", () => {
    const renderings = new Renderings();
    let refused: RegistryRefusedError | undefined;
    let verdicts: Verdict[] = [];
    let settled: Settled;

    beforeAll(async () => {
        const [tools] = await Promise.all([tooling(), rendered(renderings)]);
        if (tools instanceof RegistryRefusedError) {
            refused = tools;
            return;
        }
        const root = join(renderings.directory, "rendered", "once");
        verdicts = [
            ...(await Promise.all(STACKS.map((stack) => kubeScore(tools.kubeScore, stack, join(root, stack))))).flat(),
            ...(await checkov(tools.checkov, root)),
        ];
        settled = settle(verdicts, parseWaivers(readFileSync(join(__dirname, "waivers.yaml"), "utf8")));
        console.log(summary(verdicts, settled));
    }, 30 * MINUTES);

    afterAll(() => renderings.remove());

    test.for(STACKS)("of %s have no failure that is not explained", (stack, context) => {
        if (refused) context.skip(refused.message);
        // A judge that was given nothing to look at finds nothing.
        for (const tool of ["kube-score", "checkov"] as const)
            expect(verdicts.filter((v) => v.tool === tool && v.stack === stack && v.passed).length).toBeGreaterThan(
                100,
            );
        expect(settled.failed.filter((failure) => failure.stack === stack).map(told)).toEqual([]);
    });

    test("are the reason for every waiver that there is", (context) => {
        if (refused) context.skip(refused.message);
        expect(settled.unused).toEqual([]);
    });

    test(
        "would not pass with a pod that has every privilege, or with a password in them",
        async (context) => {
            const tools = await tooling();
            if (tools instanceof RegistryRefusedError) return context.skip(tools.message);
            const directory = mkdtempSync(join(tmpdir(), "groundwork-careless-"));
            try {
                const file = join(directory, "careless-prod", "17-deployment-careless.yaml");
                mkdirSync(dirname(file));
                writeFileSync(file, stringify(CARELESS));
                const found = [
                    ...(await kubeScore(tools.kubeScore, "careless-prod", dirname(file))),
                    ...(await checkov(tools.checkov, directory)),
                ].filter(({ passed }) => !passed);
                expect(found.every(({ stack, workload }) => `${stack} ${workload}` === "careless-prod careless")).toBe(
                    true,
                );
                expect(found.map(({ check }) => check)).toEqual(
                    // Privileged, in the words of both; without limits; an access key of AWS's in a variable.
                    expect.arrayContaining([
                        "container-security-context-privileged",
                        "CKV_K8S_16",
                        "CKV_K8S_13",
                        "CKV_SECRET_2",
                    ]),
                );
            } finally {
                rmSync(directory, { recursive: true, force: true });
            }
        },
        30 * MINUTES,
    );
});

async function tooling(): Promise<{ kubeScore: string; checkov: string } | RegistryRefusedError> {
    try {
        const [kubeScore, checkov] = await Promise.all([ensureKubeScore(), ensureCheckov()]);
        return { kubeScore, checkov };
    } catch (error) {
        if (error instanceof RegistryRefusedError) return error;
        throw error;
    }
}

async function rendered(renderings: Renderings): Promise<void> {
    for (const system of SYSTEM_KEYS) {
        await renderings.complete(system, "prod");
        await renderings.render(system, "prod");
    }
}

function told({ tool, check, object, said }: Verdict): string {
    return `${tool}/${check} of ${object}: ${said}`;
}

function summary(verdicts: Verdict[], { failed, waived }: Settled): string {
    const rows = (["kube-score", "checkov"] as const).flatMap((tool) =>
        STACKS.map((stack) => {
            const count = (of: Verdict[]) => of.filter((v) => v.tool === tool && v.stack === stack).length;
            const passed = count(verdicts.filter((v) => v.passed));
            return [tool, stack, ...[count(verdicts), passed, count(failed), count(waived)].map(String)];
        }),
    );
    const numbers = ["CHECKS", "PASSED", "FAILED", "WAIVED"].map((title) => ({ title, align: "end" as const }));
    return table([{ title: "TOOL" }, { title: "STACK" }, ...numbers], rows, { width: 100, style: PLAIN }).join("\n");
}

const NAME = { "app.kubernetes.io/name": "careless" };

const CARELESS = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "careless", namespace: "careless", labels: NAME },
    spec: {
        selector: { matchLabels: NAME },
        template: {
            metadata: { labels: NAME },
            spec: {
                containers: [
                    {
                        name: "careless",
                        image: "careless:latest",
                        securityContext: { privileged: true },
                        // Of AWS's own documentation, in two halves so that nobody who searches this repository finds one.
                        env: [{ name: "AWS_ACCESS_KEY_ID", value: ["AKIA", "IOSFODNN7EXAMPL2"].join("") }],
                    },
                ],
            },
        },
    },
};
