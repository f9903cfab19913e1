import { describe, expect, test } from "vitest";

import { imageReference } from "../../../components/images";
import { thrown } from "./fixtures";

describe("an image", () => {
    const registry = { source: "registry" as const, overrides: {} };
    const local = (key: string) => `groundwork.local/${key}:tag`;

    test("is the document's", () => {
        expect(imageReference("caddy", registry, local)).toBe("caddy:2.7-alpine");
        expect(imageReference("memgraph", registry, local)).toBe("memgraph/memgraph:2.12");
    });

    test("comes from the mirror, where Docker Hub's own are in library/", () => {
        const mirrored = { ...registry, mirror: "mirror.example.com/proxy" };
        expect(imageReference("caddy", mirrored, local)).toBe("mirror.example.com/proxy/library/caddy:2.7-alpine");
        expect(imageReference("memgraph", mirrored, local)).toBe("mirror.example.com/proxy/memgraph/memgraph:2.12");
    });

    test("is the stand-in where the stack says local, and the stack's own before all", () => {
        const images = { source: "local" as const, mirror: "m", overrides: { caddy: "mine/caddy:1" } };
        expect(imageReference("redis-7", images, local)).toBe("groundwork.local/redis-7:tag");
        expect(imageReference("caddy", images, local)).toBe("mine/caddy:1");
    });

    test("that is in no catalog is an error that lists those that are", () => {
        expect(thrown(() => imageReference("nginx", registry, local)).message).toMatch(
            /no image "nginx".*it has caddy, /,
        );
    });
});
