/**
 * CloudNativePG itself on the tests' cluster: its program, definitions, rights and webhooks are those of the Go module that `cluster/tools`
 * pins. Its images are made here, of that program and of the tree's own Postgres.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { localImageRef, LOCAL_PREFIX } from "../../../../images/local";
import { goArchitecture } from "../../../../packages/cli/src/images/go";
import { ensureOperators, goModule } from "../cluster/binaries";
import type { Cluster } from "../cluster/cluster";
import { run, succeeds } from "../cluster/shell";

const MODULE = "github.com/cloudnative-pg/cloudnative-pg";
const NAMESPACE = "cnpg-system";
const DEPLOYMENT = "cnpg-controller-manager";

/** The user whom the operator's images have, and whom it starts Postgres as. */
const POSTGRES_UID = 26;

interface ManifestObject {
    kind: string;
    metadata: { name: string };
    spec?: { template: { spec: { containers: Container[] } } };
}
interface Container {
    image: string;
    imagePullPolicy: string;
    env: { name: string; value?: string }[];
    resources: object;
}

/** Where the operator's namespace, definitions and cluster-wide objects are from. */
async function operatorManifest(): Promise<ManifestObject[]> {
    const { Dir, Version } = await goModule(MODULE);
    const text = readFileSync(join(Dir, "releases", `cnpg-${Version.replace(/^v/, "")}.yaml`), "utf8");
    return parseAllDocuments(text)
        .map((document) => document.toJS() as ManifestObject | null)
        .filter((object) => object !== null);
}

/** Its own program in an image as the project's, built where the Docker engine has it not. @returns its reference */
async function operatorImage(): Promise<string> {
    const built = join(await ensureOperators(console.log), "manager");
    const digest = createHash("sha256").update(readFileSync(built)).digest("hex").slice(0, 12);
    const ref = `${LOCAL_PREFIX}cloudnative-pg:${digest}`;
    if (await succeeds("docker", ["image", "inspect", ref])) return ref;
    const root = mkdtempSync(join(tmpdir(), "groundwork-cnpg-"));
    try {
        const program = join("operator", `manager_${goArchitecture(process.arch)}`);
        cpSync(built, join(root, program));
        symlinkSync(program, join(root, "manager"));
        const dockerfile = ["FROM scratch", "COPY . /", "USER 65532:65532", 'ENTRYPOINT ["/manager"]'];
        writeFileSync(join(root, "Dockerfile"), dockerfile.join("\n"));
        await run("docker", ["build", "--quiet", "--tag", ref, root]);
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
    return ref;
}

/** The tree's Postgres for the operator: with its user, and a tag that begins with the version. @returns its reference */
export async function postgresImage(): Promise<string> {
    const base = localImageRef("postgres-pgvector");
    const version = await run("docker", ["run", "--rm", "--entrypoint", "sh", base, "-c", "echo $PG_MAJOR"]);
    const dockerfile = [
        `FROM ${base}`,
        // With its home, which the volume is below.
        `RUN usermod --uid ${POSTGRES_UID} --gid ${POSTGRES_UID} postgres`,
    ];
    const digest = createHash("sha256").update(dockerfile.join("\n")).digest("hex").slice(0, 12);
    const ref = `groundwork.test/postgresql:${version.trim()}-${digest}`;
    await run("docker", ["build", "--quiet", "--tag", ref, "-"], { input: dockerfile.join("\n") });
    return ref;
}

/** Brings it up, its webhooks answering. */
export async function installOperator(cluster: Cluster): Promise<void> {
    const image = await operatorImage();
    await cluster.loadImages([image]);
    const objects = (await operatorManifest()).map((object) =>
        object.kind === "Deployment" ? withImage(object, image) : object,
    );
    const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    const apply = ["--server-side", "--force-conflicts"];
    await cluster.apply(definitions, ...apply);
    const names = definitions.map(({ metadata }) => `crd/${metadata.name}`);
    await cluster.kubectl("wait", "--for=condition=Established", ...names, "--timeout=600s");
    await cluster.apply(objects, ...apply);
    await cluster.kubectl("rollout", "status", "-n", NAMESPACE, `deployment/${DEPLOYMENT}`, "--timeout=600s");
}

/** Takes away all of it; nothing of it may be left that would keep a later run's namespace from ending. */
export async function removeOperator(cluster: Cluster): Promise<void> {
    for (const { kind, metadata } of (await operatorManifest()).reverse()) {
        const own = ["delete", kind, metadata.name, "--ignore-not-found", "--timeout=600s"];
        await cluster.kubectl(...own, "--namespace", NAMESPACE);
    }
}

/** Without the limits of a tenth of a core, which on two cores that others use too is not enough to start within its probes' time. */
function withImage(deployment: ManifestObject, image: string): ManifestObject {
    for (const container of deployment.spec!.template.spec.containers) {
        container.image = image;
        container.imagePullPolicy = "IfNotPresent";
        container.resources = {};
        for (const variable of container.env) if (variable.name === "OPERATOR_IMAGE_NAME") variable.value = image;
    }
    return deployment;
}
