/**
 * Every component, in three whole platforms and, where those have none, by itself. Cannot prove: see harness.ts; and what an engine keeps
 * of outputs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";

import { BackupBucket } from "../../../components/backup/bucket";
import { BUCKET, dataTarget, objectStore } from "./backup/fixtures";
import { kubernetesTarget } from "../targets/kubernetes/fixtures";
import { allGiven, DEV_BACKUPS, operatedPostgres, platform, stackConfig } from "./fixtures";
import { record, type Registration, secret } from "./harness";

const COMPONENTS = join(__dirname, "../../../components");

interface ComponentClass {
    type: string;
    /** Its public readonly properties. */
    exposed: string[];
    /** Those of them that not every instance has. */
    optional: string[];
}

/** Read from the source, since at run time nothing tells a private property from a public one. */
function componentClasses(): ComponentClass[] {
    const files = readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    return files.flatMap((file) => {
        const source = ts.createSourceFile(file, readFileSync(join(COMPONENTS, file), "utf8"), ts.ScriptTarget.ES2022);
        return source.statements
            .filter(ts.isClassDeclaration)
            .filter((declaration) => declaration.heritageClauses?.some((c) => c.getText(source).includes("Component")))
            .map((declaration) => {
                const members = declaration.members.filter(isExposed);
                const names = (some: ts.PropertyDeclaration[]) => some.map((member) => member.name.getText(source));
                return {
                    type: /"(groundwork:[^"]+)"/.exec(declaration.getText(source))![1]!,
                    exposed: names(members),
                    optional: names(members.filter((member) => member.questionToken)),
                };
            });
    });
}

function isExposed(member: ts.ClassElement): member is ts.PropertyDeclaration {
    if (!ts.isPropertyDeclaration(member)) return false;
    const modifiers = (member.modifiers ?? []).map((modifier) => modifier.kind);
    return modifiers.includes(ts.SyntaxKind.ReadonlyKeyword) && !modifiers.includes(ts.SyntaxKind.PrivateKeyword);
}

describe("the outputs of a component", () => {
    const made: Registration[] = [];

    beforeAll(async () => {
        for (const system of ["debt-os", "opencode", "opshub"] as const) {
            const config = stackConfig(system, system === "opshub" ? { postgres: { readReplicas: 1 } } : {});
            const [, recording] = await record(() => platform(config, { given: allGiven(system) }));
            made.push(...recording.all);
        }
        const elsewhere = stackConfig("opencode-acp", {
            stores: {
                postgres: { mode: "external", host: "db.example.com", port: 5432, tls: "require", addresses: [] },
                redis: { mode: "container" },
            },
        });
        const [, recording] = await record(() => platform(elsewhere, { given: { POSTGRES_PASSWORD: "given" } }));
        made.push(...recording.all);
        const backedUp = stackConfig("project-manager", { backup: DEV_BACKUPS });
        const [, backups] = await record(() => platform(backedUp, { given: allGiven("project-manager") }));
        made.push(...backups.all);
        const [, bucket] = await record(() => new BackupBucket("b", BUCKET));
        const [, server] = await record(() => objectStore(dataTarget()));
        const [, cluster] = await record(() => operatedPostgres(kubernetesTarget()));
        made.push(...bucket.all, ...server.all, ...cluster.all);
    });

    test.each(componentClasses())("are all that $type exposes", ({ type, exposed, optional }) => {
        const instances = made.filter((registration) => registration.type === type);
        expect(exposed).not.toEqual([]);
        expect(instances).not.toEqual([]);
        const found = instances.map(({ outputs }) => Object.keys(outputs ?? {}));
        for (const names of found) {
            const always = exposed.filter((name) => !optional.includes(name) || names.includes(name));
            expect(names.sort()).toEqual(always.sort());
        }
        expect([...new Set(found.flat())].sort()).toEqual([...exposed].sort());
    });

    test("are the names, hosts and ids of what was made, and no resource", () => {
        const postgres = made.find(({ type }) => type === "groundwork:stores:Postgres");
        expect(postgres!.outputs).toMatchObject({
            workload: { name: "postgres", hosts: ["postgres"], ids: ["gw-test-postgres-id"] },
            volume: { name: "postgres-data", id: "gw-test-postgres-data" },
        });
        expect(postgres!.outputs!.ready).toContainEqual(expect.stringMatching(/^urn:pulumi:.*::gw-test-postgres$/));
    });

    test("are secret where a secret is", () => {
        const values = Object.values(made.find(({ name }) => name === "gw-test-secrets")!.outputs!.values as object);
        expect(values.length).toBeGreaterThan(5);
        for (const value of values) {
            expect(value).toEqual(secret(expect.any(String)));
        }
    });
});
