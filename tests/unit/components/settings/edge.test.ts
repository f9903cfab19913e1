import { describe, expect, test } from "vitest";

import { apiUrl, edgeUrl } from "../../../../components/settings/edge";
import { SYSTEMS } from "../../../../systems";
import type { System } from "../../../../systems/types";
import { stackConfig } from "../fixtures";

describe("addresses", () => {
    test("have a port only where browsers need one", () => {
        const edge = { address: "0.0.0.0", httpPort: 80, httpsPort: 443 };
        expect(edgeUrl({ domain: "example.com", edge })).toBe("https://example.com");
        expect(edgeUrl({ domain: "example.com", edge: { ...edge, httpsPort: 8443 } }, "api")).toBe(
            "https://api.example.com:8443",
        );
    });

    test("of the API are those of its own host name where it has one", () => {
        const config = stackConfig("opshub", { edge: { address: "0.0.0.0", httpPort: 80, httpsPort: 443 } });
        const route = SYSTEMS.opshub.edge.routes.find((r) => r.service === "api")!;
        expect(apiUrl(SYSTEMS.opshub, config)).toBe(
            route.subdomain ? `https://${route.subdomain}.opshub.localhost` : "https://opshub.localhost",
        );
        const own: System = {
            ...SYSTEMS.opshub,
            edge: { ...SYSTEMS.opshub.edge, routes: [{ service: "api", subdomain: "calls" }] },
        };
        expect(apiUrl(own, config)).toBe("https://calls.opshub.localhost");
    });
});
