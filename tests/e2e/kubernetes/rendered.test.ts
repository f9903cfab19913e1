/**
 * What `gw render` writes of each system in each environment, as a real API server takes it: every schema, every admission plugin and the
 * Pod Security level `restricted` look at it, and nothing is kept. Cannot prove: that it runs.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ENVIRONMENTS, SYSTEM_KEYS } from "../../../systems/types";
import { manifestFiles, readObject, Renderings } from "../../manifests/rendered";
import { type Cluster, ensureCluster } from "./cluster/cluster";

const STACKS = SYSTEM_KEYS.flatMap((system) => ENVIRONMENTS.map((environment) => [system, environment] as const));

/** A word of this run, so that no namespace of somebody's is touched. */
const RUN = randomBytes(3).toString("hex");

let cluster: Cluster;
const renderings = new Renderings();

beforeAll(async () => {
    cluster = await ensureCluster();
}, 45 * 60_000);

afterAll(() => renderings.remove());

describe.each(STACKS)("the manifests of %s in %s", (system, environment) => {
    const namespace = `render-${RUN}-${system}-${environment}`;
    let directory: string;

    beforeAll(async () => {
        await renderings.complete(system, environment, namespace);
        directory = await renderings.render(system, environment);
    }, 900_000);

    afterAll(async () => {
        await cluster.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    });

    test("are each accepted by the API server, without a warning", async () => {
        const [first, ...others] = manifestFiles(directory);
        expect(readObject(first!)).toMatchObject({ kind: "Namespace", name: namespace });
        const apply = ["apply", "--server-side", "--field-manager", "render-test", "--warnings-as-errors"];
        // What is in a namespace is only looked at where there is one; this one enforces what the stack's does.
        await cluster.kubectl(...apply, "-f", first!);
        const said = await cluster.kubectl(...apply, "--dry-run=server", "-f", directory);
        expect(said.trim().split("\n")).toHaveLength(1 + others.length);
        expect(
            said
                .trim()
                .split("\n")
                .every((line) => line.endsWith("serverside-applied (server dry run)")),
        ).toBe(true);
    }, 900_000);

    test("are the same bytes when they are rendered again", async () => {
        const again = await renderings.render(system, environment, "twice");
        expect(contents(again)).toEqual(contents(directory));
        expect(Object.keys(contents(again)).length).toBeGreaterThan(30);
    }, 900_000);
});

function contents(directory: string): Record<string, string> {
    return Object.fromEntries(
        readdirSync(directory)
            .sort()
            .map((file) => [file, readFileSync(join(directory, file), "utf8")]),
    );
}
