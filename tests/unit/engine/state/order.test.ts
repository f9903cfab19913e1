import fc from "fast-check";
import { expect, it } from "vitest";

import { inDependencyOrder, needs, type Dependent } from "../../../../packages/engine/src/state/order";

const state = (name: string, dependencies: string[] = []): Dependent => ({
    urn: name,
    type: "a:b:C",
    custom: true,
    dependencies,
});

it("puts each resource after all that it needs, and moves nothing that is right already", () => {
    // Resources that only need earlier ones, in any order.
    const graphs = fc
        .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
        .map((edges) =>
            edges.map((needed, i) => state(`r${i}`, i === 0 ? [] : [...new Set(needed.map((n) => `r${n % i}`))])),
        );
    fc.assert(
        fc.property(
            graphs.chain((states) =>
                fc.shuffledSubarray(states, { minLength: states.length }).map((shuffled) => ({ states, shuffled })),
            ),
            ({ states, shuffled }) => {
                const ordered = inDependencyOrder(shuffled, (s) => s);
                expect(ordered.toSorted((a, b) => (a.urn < b.urn ? -1 : 1))).toEqual(
                    states.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
                );
                const placed = new Set<string>();
                for (const s of ordered) {
                    for (const urn of needs(s)) expect(placed).toContain(urn);
                    placed.add(s.urn);
                }
                expect(inDependencyOrder(states, (s) => s)).toEqual(states);
            },
        ),
    );
});

it("gets through long chains and circles", () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => state(`r${i}`, i + 1 < 20_000 ? [`r${i + 1}`] : []));
    expect(inDependencyOrder(chain, (s) => s)[0]!.urn).toBe("r19999");
    expect(inDependencyOrder([state("a", ["b"]), state("b", ["a"])], (s) => s)).toHaveLength(2);
});
