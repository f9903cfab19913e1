/** What the rules that mend make of a resource passes them, and is otherwise the same. */
import { describe, expect, test } from "vitest";

import { checkResource } from "../../policies/core/check";
import { mended } from "../../policies/core/mend";
import { resource, type Resource } from "../../policies/core/resource";
import { levelOf, problemsOf } from "../../policies/core/settings";
import { RULES } from "../../policies/rules";
import { container as docker } from "./support/docker";
import { container, deployment, pod, securityContext } from "./support/kubernetes";
import { UNKNOWN } from "./support/spec";

const CONTEXT = { environment: "prod", settings: {} } as const;
const ruleOf = (id: string) => RULES.find((rule) => rule.id === id)!;
const mend = (id: string, judged: Resource) => mended(ruleOf(id), judged, judged.props, CONTEXT);

const BROKEN: Record<string, Resource[]> = {
    "GW-K8S-015": [pod(), deployment(), securityContext({ allowPrivilegeEscalation: true }), container({ image: "a" })],
    "GW-K8S-017": [pod(), deployment(), securityContext({ runAsNonRoot: true })],
    "GW-DOC-004": [
        docker({ securityOpts: undefined }),
        docker({ securityOpts: ["seccomp=default"] }),
        docker({ securityOpts: ["no-new-privileges:false"] }),
    ],
};

describe("a rule that mends", () => {
    test("is among those that are tried here", () => {
        expect(Object.keys(BROKEN).sort()).toEqual(RULES.flatMap(({ id, mend }) => (mend ? [id] : [])).sort());
    });

    for (const [id, broken] of Object.entries(BROKEN)) {
        test.each(broken.map((judged, n) => [n, judged] as const))(`${id} passes what it mended: %i`, (_n, judged) => {
            const props = mend(id, judged);
            expect(props).toBeDefined();
            const { findings } = checkResource(ruleOf(id), resource({ ...judged, props: props! }), CONTEXT);
            expect(findings).toEqual([]);
            expect(mend(id, resource({ ...judged, props: props! }))).toBeUndefined();
        });
    }

    test("leaves what is around it as it is", () => {
        const judged = container({ image: "api:1", securityContext: { privileged: true } });
        expect(mend("GW-K8S-015", judged)).toEqual({
            ...judged.props,
            spec: {
                containers: [
                    {
                        name: "app",
                        image: "api:1",
                        securityContext: { privileged: true, allowPrivilegeEscalation: false },
                    },
                ],
            },
        });
    });

    test("mends every container, also beside what is not known", () => {
        const given = { spec: { containers: [{ name: "a" }, { name: "b", image: UNKNOWN }] } };
        const judged = resource({ ...pod(), props: given });
        const props = mended(ruleOf("GW-K8S-015"), judged, given, CONTEXT) as typeof given;
        expect(props.spec.containers).toMatchObject([
            { securityContext: { allowPrivilegeEscalation: false } },
            { image: UNKNOWN, securityContext: { allowPrivilegeEscalation: false } },
        ]);
    });

    test("mends nothing where it cannot tell, or where it would not be right afterwards", () => {
        expect(mend("GW-K8S-015", pod({ containers: UNKNOWN }))).toBeUndefined();
        expect(mend("GW-K8S-015", pod({ containers: "app" }))).toBeUndefined();
    });

    test("is mandatory over files, where nothing is mended", () => {
        const configuration = { all: "remediate" } as const;
        expect(problemsOf(configuration, RULES)).toEqual([]);
        expect(levelOf(ruleOf("GW-K8S-015"), { all: { enforcementLevel: "remediate" } }, "dev")).toBe("mandatory");
    });
});
