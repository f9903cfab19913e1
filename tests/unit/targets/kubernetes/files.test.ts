/**
 * How files and secret variables reach a pod. Cannot prove: see components/harness.ts; and that the kubelet mounts them so that the pod's
 * user reads them.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";

import type { JobSpec, WorkloadSpec } from "../../../../components/spec";
import { thrown } from "../../components/fixtures";
import { record, secret } from "../../components/harness";
import { job, kubernetesTarget, TYPES, workload } from "./fixtures";

const FILES = [
    { path: "/run/secrets/B", content: pulumi.secret("canary b"), secret: true },
    { path: "/run/secrets/A", content: pulumi.secret("canary a"), secret: true },
    { path: "/etc/app/app.conf", content: "plain", secret: false },
    { path: "/etc/app/key", content: "canary unmarked", secret: true },
];

const base64 = (text: string) => Buffer.from(text).toString("base64");

function run(spec: Partial<WorkloadSpec>, jobs: Partial<JobSpec>[] = []) {
    return record(() => {
        const target = kubernetesTarget();
        target.workload(workload(spec), {});
        jobs.forEach((changes) => target.job(job(changes), {}));
    });
}

describe("files", () => {
    test("are one immutable Secret and one immutable ConfigMap, named by the provider so that a change is another one", async () => {
        const [, recording] = await run({ files: FILES });
        expect(recording.one("app-secrets").inputs).toMatchObject({
            type: "Opaque",
            immutable: true,
            data: secret({ A: base64("canary a"), B: base64("canary b"), key: base64("canary unmarked") }),
        });
        expect(recording.one("app-files").inputs).toMatchObject({ immutable: true, data: { "app.conf": "plain" } });
        expect(recording.one("app-secrets").inputs.metadata).not.toHaveProperty("name");
        expect(recording.one("app-files").inputs.metadata).not.toHaveProperty("name");
    });

    test("are mounted one by one where one is secret, for the pod's group and nobody else", async () => {
        const at = (name: string, directory: string, file: string) => {
            return { name, mountPath: `${directory}/${file}`, subPath: file, readOnly: true };
        };
        const [, recording] = await run({ files: FILES });
        expect(recording.one("app", TYPES.deployment).inputs).toMatchObject({
            spec: {
                template: {
                    spec: {
                        containers: [
                            {
                                volumeMounts: [
                                    at("files-etc-app", "/etc/app", "app.conf"),
                                    at("files-etc-app", "/etc/app", "key"),
                                    at("files-run-secrets", "/run/secrets", "A"),
                                    at("files-run-secrets", "/run/secrets", "B"),
                                ],
                            },
                        ],
                        volumes: [
                            {
                                name: "files-etc-app",
                                projected: {
                                    defaultMode: 0o440,
                                    sources: [
                                        {
                                            secret: {
                                                name: "app-secrets-0a1b2c3",
                                                items: [{ key: "key", path: "key" }],
                                            },
                                        },
                                        {
                                            configMap: {
                                                name: "app-files-0a1b2c3",
                                                items: [{ key: "app.conf", path: "app.conf" }],
                                            },
                                        },
                                    ],
                                },
                            },
                            {
                                name: "files-run-secrets",
                                projected: {
                                    sources: [
                                        {
                                            secret: {
                                                items: [
                                                    { key: "A", path: "A" },
                                                    { key: "B", path: "B" },
                                                ],
                                            },
                                        },
                                    ],
                                },
                            },
                        ],
                    },
                },
            },
        });
    });

    test("of which none is secret are mounted by their directory", async () => {
        const [, recording] = await run({ files: [{ path: "/etc/app/app.conf", content: "plain", secret: false }] });
        expect(recording.one("app", TYPES.deployment).inputs).toMatchObject({
            spec: {
                template: {
                    spec: {
                        containers: [
                            { volumeMounts: [{ name: "files-etc-app", mountPath: "/etc/app", readOnly: true }] },
                        ],
                    },
                },
            },
        });
    });

    test("leave no secret in plain text, not even in base64", async () => {
        const [, recording] = await run({ files: FILES });
        const text = recording.plainText();
        for (const file of ["canary a", "canary b", "canary unmarked"]) {
            expect(text).not.toContain(file);
            expect(text).not.toContain(base64(file));
        }
    });

    test("are made once for a workload and the jobs that share them", async () => {
        const [, recording] = await run({ files: FILES }, [{ filesOf: "app", files: FILES.slice(0, 1) }]);
        expect(recording.ofType(TYPES.secret)).toHaveLength(1);
        expect(recording.one("app-migrate", TYPES.job).inputs).toMatchObject({
            spec: {
                template: {
                    spec: {
                        volumes: [
                            {
                                projected: {
                                    sources: [
                                        { secret: { name: "app-secrets-0a1b2c3", items: [{ key: "B", path: "B" }] } },
                                    ],
                                },
                            },
                        ],
                    },
                },
            },
        });
    });

    test("that the owner has not are an error", async () => {
        const [error] = await record(() => {
            const target = kubernetesTarget();
            target.workload(workload({ files: FILES.slice(0, 1) }), {});
            return thrown(() => target.job(job({ filesOf: "app", files: FILES.slice(1, 2) }), {}));
        });
        expect(error.message).toBe('"A" is not among the files of "app", which are made once for all that share them.');
    });

    test("of one name in two directories are an error", async () => {
        const files = ["/a/x", "/b/x"].map((path) => ({ path, content: "", secret: true }));
        const [error] = await record(() => thrown(() => kubernetesTarget().workload(workload({ files }), {})));
        expect(error.message).toBe('Two files or secret variables of "app" have the same name.');
    });
});

test("secret variables refer to the Secret's keys, and no shell is between", async () => {
    const secretEnv = { DATABASE_URL: pulumi.secret("canary url") };
    const [, recording] = await run({ secretEnv, env: { PORT: "1" } });
    expect(recording.one("app-secrets").inputs.data).toEqual(secret({ DATABASE_URL: base64("canary url") }));
    const { template } = recording.one("app", TYPES.deployment).inputs.spec as { template: { spec: object } };
    expect(template.spec).toMatchObject({
        containers: [
            {
                env: [
                    { name: "PORT", value: "1" },
                    {
                        name: "DATABASE_URL",
                        valueFrom: { secretKeyRef: { name: "app-secrets-0a1b2c3", key: "DATABASE_URL" } },
                    },
                ],
            },
        ],
        volumes: [],
    });
    expect(template.spec).not.toHaveProperty("containers[0].command");
});
