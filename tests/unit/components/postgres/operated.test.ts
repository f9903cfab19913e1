/**
 * A Postgres that an operator runs, on the Kubernetes target. Cannot prove: see harness.ts; and that the operator does what it is asked.
 */
import { expect, test } from "vitest";

import { kubernetesTarget, TYPES } from "../../targets/kubernetes/fixtures";
import { dockerTarget, operatedPostgres, thrown } from "../fixtures";
import { record } from "../harness";

test("is a Cluster, the extensions of its database and its owner's Secret, and no pod or volume of the stack's making", async () => {
    const [component, recording] = await record(() => operatedPostgres(kubernetesTarget()));
    expect(recording.counts()).toEqual({
        "groundwork:stores:OperatedPostgres": 1,
        "pulumi:providers:kubernetes": 1,
        [TYPES.namespace]: 1,
        [TYPES.priority]: 2,
        [TYPES.secret]: 1,
        "kubernetes:postgresql.cnpg.io/v1:Cluster": 1,
        "kubernetes:postgresql.cnpg.io/v1:Database": 1,
    });
    expect(component.workload.hosts).toEqual(["postgres-rw"]);
    expect(component.ready).toHaveLength(2);
    expect(recording.one("gw-test-postgres").outputs).toMatchObject({ workload: { name: "postgres" } });
});

test("has the password in its Secret alone", async () => {
    const [, recording] = await record(() => operatedPostgres(kubernetesTarget()));
    expect(recording.plainText()).not.toContain("canary");
    expect(recording.plainText()).not.toContain(Buffer.from("canary").toString("base64"));
});

test("is refused with all that is wrong, and on a target without an operator", async () => {
    const [error] = await record(() =>
        thrown(() =>
            operatedPostgres(dockerTarget(), {
                instances: 0,
                extensions: ['vec"tor'],
                settings: { shared_buffers: "2GB", maintenance_work_mem: "512MB" },
            }),
        ),
    );
    for (const key of ["target", "instances", "settings.shared_buffers", "shmMiB", "extensions"])
        expect(error.message).toContain(`${key}:`);
    expect(error.message).toContain("docker has no operator for Postgres");
    expect(error.message).not.toContain("canary");
});
