/** Cannot prove: see harness.ts; and that the platform comes up, which the end-to-end tests do on a Docker engine. */
import { expect, test } from "vitest";
import { Platform } from "../../../components/platform";
import { SYSTEMS } from "../../../systems";
import { DockerTarget } from "../../../targets/docker";
import { record } from "./harness";

test("x", async () => {
    const [, r] = await record(() => {
        const t = new DockerTarget(
            { stack: "dev", system: "debt-os", environment: "dev", version: "0", prefix: "gw-dev" },
            { protect: false },
        );
        return new Platform("gw-dev", {
            system: SYSTEMS["debt-os"],
            config: {
                system: "debt-os",
                environment: "dev",
                target: "docker",
                domain: "debt-os.localhost",
                edge: { address: "127.0.0.1", httpPort: 8083, httpsPort: 8443 },
                tls: { mode: "internal" },
                images: { source: "registry", overrides: {} },
                docker: {},
                services: {},
                volumes: {},
                givenSecrets: [],
                backup: { enabled: false, timeZone: "UTC" },
                objectives: {},
                protect: false,
            },
            target: t,
            localImageRef: (k) => `groundwork.local/${k}:1`,
        });
    });
    console.log(
        JSON.stringify(
            r.all.map((x) => [x.type, x.name, x.parent, x.dependencies.join(","), x.deleteBeforeReplace]),
            null,
            0,
        ).replaceAll("],", "],\n"),
    );
    console.log(JSON.stringify(r.one("gw-dev-api-0"), null, 1));
    console.log(JSON.stringify(r.one("gw-dev-api-run-secrets-files"), null, 1));
    console.log(r.plainText().match(/password of|bytes of/g));
    expect(1).toBe(1);
});
