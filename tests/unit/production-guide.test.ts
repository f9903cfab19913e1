/** What docs/production.md tells people to type, held against the systems' data. Cannot prove: that it works, which e2e/kubernetes/upgrade does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { DATA_MOUNT, PGDATA } from "../../components/postgres/postgres";
import { CATALOG } from "../../images/catalog";
import { SYSTEMS } from "../../systems";
import { withBackups } from "../../systems/backup";
import { imageKeys, REPLICA } from "../../systems/types";

const GUIDE = readFileSync(join(__dirname, "../../docs/production.md"), "utf8");

/** The text under a heading, up to the next. */
function under(heading: string): string {
    const [, text] = new RegExp(`^#+ ${heading}\\n(.*?)(?=^##+ )`, "ms").exec(GUIDE)!;
    return text!;
}

describe("docs/production.md", () => {
    test("pins every image of DEBT-OS's prod, the public ones under the names that they have", () => {
        const [, list] = /<<EOF\n(.*?)\nEOF/s.exec(under("Digests"))!;
        const said = new Map(list!.split("\n").map((line) => line.split(" ") as [string, string]));
        const system = withBackups(SYSTEMS["debt-os"], { enabled: true, bucket: { kind: "s3" }, localDays: 0 });
        expect([...said.keys()]).toEqual(imageKeys(system).sort());
        for (const [key, image] of said) {
            const { registry } = CATALOG[key]!;
            expect([registry, `registry.acme.example/${registry}`]).toContain(image);
        }
    });

    test("has the backup toolbox built before anything is brought up", () => {
        const at = (text: string) => GUIDE.indexOf(text);
        expect(at("docker push registry.acme.example/groundwork/backup:1.0.0")).toBeGreaterThan(0);
        expect(at("images.overrides.backup registry")).toBeGreaterThan(0);
        expect(at("images.overrides.backup registry")).toBeLessThan(at("pulumi preview --stack prod"));
        expect(at("docker push")).toBeLessThan(at("pulumi preview --stack prod"));
    });

    test("calls kubectl for the stack that each upgrade is about", () => {
        const upgrades = GUIDE.slice(
            GUIDE.indexOf("## Upgrade of the stores"),
            GUIDE.indexOf("## When something is wrong"),
        );
        const seen: string[] = [];
        let namespace = "";
        for (const section of upgrades.split(/^##+ /m).slice(1)) {
            namespace = /^alias k='kubectl --context prod --namespace (\S+)'$/m.exec(section)?.[1] ?? namespace;
            const stacks = new Set([...section.matchAll(/--stack (\S+?)[\s`]/g)].map(([, stack]) => `gw-${stack}`));
            if (stacks.size > 0) expect([...stacks], section.split("\n")[0]).toEqual([namespace]);
            seen.push(...stacks);
        }
        expect(seen).toEqual(["gw-prod", "gw-opencode-prod", "gw-opshub-prod", "gw-prod", "gw-opencode-prod"]);
    });

    test.each([
        ["Postgres, to another major version", SYSTEMS["debt-os"], ["postgres-0"]],
        ["Postgres with a read replica, to another major version", SYSTEMS.opshub, [`${REPLICA}-0`, "postgres-0"]],
    ] as const)("%s: names the system's own", (heading, system, pods) => {
        const text = under(heading);
        const { user, database, image, volume } = system.stores.postgres!;
        const writers = system.services.filter(({ dependsOn }) => dependsOn.includes("postgres"));
        expect(text).toContain(`k delete ${writers.map(({ name }) => `deployment/${name}`).join(" ")} --cascade`);
        expect(text).toContain(`pg_dump -h 127.0.0.1 -U ${user} -Fc ${database}'`);
        expect(text).toContain(`images.overrides.${image} `);
        const aside = [...text.matchAll(/^k exec (\S+) -- mv (\S+) (\S+)$/gm)].map(([, pod, from]) => [pod, from]);
        expect(aside).toEqual(pods.map((pod) => [pod, PGDATA]));
        expect(PGDATA.startsWith(`${DATA_MOUNT}/`)).toBe(true);
        if (pods.length > 1) expect(text).toContain(`postgres.primaryVolume ${volume}\n`);
        // What kubectl has scaled, whoever deploys the stack is refused.
        expect(text).not.toMatch(/^k scale/m);
    });
});
