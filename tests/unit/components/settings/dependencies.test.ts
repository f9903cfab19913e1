import { expect, test } from "vitest";

import { inDependencyOrder } from "../../../../components/settings/dependencies";
import { SYSTEMS } from "../../../../systems";
import type { Service } from "../../../../systems/types";

const api = SYSTEMS["debt-os"].services.find((s) => s.name === "api")!;

test("services come after those that they depend on", () => {
    const service = (name: string, ...dependsOn: string[]): Service => ({ ...api, name, dependsOn });
    const names = inDependencyOrder([service("c", "b"), service("a", "postgres"), service("b", "a")]);
    expect(names.map((s) => s.name)).toEqual(["a", "b", "c"]);
    expect(() => inDependencyOrder([service("a", "b"), service("b", "a")])).toThrow("in a circle: a → b → a");
});
