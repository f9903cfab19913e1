/**
 * What two judges of the field and the rules of the policy pack say of the prod stacks' manifests. Cannot prove: that a cluster takes them
 * (e2e/kubernetes/rendered), nor what none of them looks for.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { judge, type Judged } from "../../packages/cli/src/policy/judge";
import { PLAIN } from "../../packages/cli/src/ui/style";
import { table } from "../../packages/cli/src/ui/table";
import { SYSTEM_KEYS } from "../../systems/types";
import { ROOT } from "../e2e/support/sandbox";
import { checkov } from "./checkov";
import { kubeScore } from "./kube-score";
import { Renderings } from "./rendered";
import { ensureCheckov, ensureKubeScore, RegistryRefusedError } from "./tools";
import type { Verdict } from "./verdict";
import { parseWaivers, type Settled, settle } from "./waivers";

const STACKS = SYSTEM_KEYS.map((system) => `${system}-prod`);
/** Judged beside them, since a judge takes longer to start than to judge. */
const CARELESS_STACK = "careless-prod";
const MINUTES = 60_000;

describe("the manifests of the prod stacks", () => {
    const renderings = new Renderings();
    /** A directory for each stack. */
    const root = join(renderings.directory, "rendered", "once");
    let refused: RegistryRefusedError | undefined;
    let verdicts: Verdict[] = [];
    let careless: Verdict[] = [];
    let settled: Settled;

    beforeAll(async () => {
        const [tools] = await Promise.all([tooling(), rendered(renderings)]);
        if (tools instanceof RegistryRefusedError) {
            refused = tools;
            return;
        }
        mkdirSync(join(root, CARELESS_STACK));
        writeFileSync(join(root, CARELESS_STACK, "17-deployment-careless.yaml"), stringify(CARELESS));
        const stacks = [...STACKS, CARELESS_STACK];
        const all = [
            ...(await Promise.all(stacks.map((stack) => kubeScore(tools.kubeScore, stack, join(root, stack))))).flat(),
            ...(await checkov(tools.checkov, root)),
        ];
        verdicts = all.filter(({ stack }) => stack !== CARELESS_STACK);
        careless = all.filter(({ stack }) => stack === CARELESS_STACK);
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

    test("would not pass with a pod that has every privilege, or with a password in them", (context) => {
        if (refused) context.skip(refused.message);
        const found = careless.filter(({ passed }) => !passed);
        expect(found.filter(({ workload }) => workload !== "careless")).toEqual([]);
        expect(found.map(({ check }) => check)).toEqual(
            // Privileged, in the words of both; without limits; an access key of AWS's in a variable.
            expect.arrayContaining([
                "container-security-context-privileged",
                "CKV_K8S_16",
                "CKV_K8S_13",
                "CKV_SECRET_2",
            ]),
        );
    });

    describe("by the rules of the policy pack, with the waivers of the repository,", () => {
        let judged: Judged;

        beforeAll(() => {
            const waivers = join(ROOT, "policies", "waivers.yaml");
            judged = judge({ paths: STACKS.map((stack) => join(root, stack)), environment: "prod", waivers });
        });

        test("violate nothing that is not waived, advice included, and every waiver is needed", () => {
            expect(judged.resources).toBeGreaterThan(200);
            const violations = judged.violations.map(
                ({ rule, resource, path, message }) => `${rule.id} ${resource} ${path} ${message}`,
            );
            expect(violations).toEqual([]);
            expect(judged.waived).not.toEqual([]);
        });

        test("are judged wholly: nothing is unknown, nothing unreadable", () => {
            expect([judged.notEvaluated, judged.unreadable]).toEqual([[], []]);
        });
    });
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
