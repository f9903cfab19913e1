/** From nothing to a cluster that is ready, and back. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { waitFor } from "../../support/wait";
import { DEPLOYMENTS, addonManifest } from "./addons";
import { type Binaries, ensureBinaries } from "./binaries";
import { ensureCertificates } from "./certificates";
import { CONTROL_PLANE, answers, startControlPlane } from "./control-plane";
import { ensureOwnImages, loadOwnImages, type OwnImages } from "./images";
import { NODE, PATHS, STATE } from "./layout";
import { setUpNetwork, tearDownNetwork } from "./network";
import { NODE_COMPONENTS, startNode } from "./node";
import { ensurePackages } from "./packages";
import { ensureRuns, pidOf, started, stop, tail } from "./processes";
import { removeCgroups, removeContainers, startRuntime, unmountAll } from "./runtime";
import { ClusterUnavailableError, run, type Say } from "./shell";

/** Every process of the cluster but its containers, in order of their start. */
export const COMPONENTS = ["containerd", ...CONTROL_PLANE, ...NODE_COMPONENTS];

export interface Parts {
    binaries: Binaries;
    images: OwnImages;
}

/** Installs and builds what is missing. @throws ClusterUnavailableError where this machine cannot have a cluster */
export async function prepare(say: Say): Promise<Parts> {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
        throw new ClusterUnavailableError(
            "a cluster of our own needs Linux and root: set KUBECONFIG to a cluster that runs",
        );
    }
    await ensurePackages(say);
    const binaries = await ensureBinaries(say);
    return { binaries, images: await ensureOwnImages(binaries.addons) };
}

/** Whether a cluster that this version of the harness started is ready. */
export async function isUp({ binaries }: Parts): Promise<boolean> {
    if (!existsSync(PATHS.revision) || readFileSync(PATHS.revision, "utf8") !== revision()) return false;
    if (!COMPONENTS.every((name) => pidOf(name) !== undefined)) return false;
    // A busy machine may make it slow: that is no reason to end what others may be using.
    return waitFor(() => answers(binaries.kubernetes), { what: "an answer", seconds: 300 }).then(
        () => true,
        () => false,
    );
}

/** Starts a cluster; nothing of another may be left. */
export async function bringUp({ binaries, images }: Parts, say: Say): Promise<void> {
    const begin = performance.now();
    const seconds = (): string => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
    mkdirSync(STATE, { recursive: true, mode: 0o711 });
    rmSync(PATHS.podLogs, { recursive: true, force: true });
    await ensureCertificates();
    await setUpNetwork();
    await Promise.all([
        startRuntime(images.pause).then(() => loadOwnImages(images)),
        startControlPlane(binaries.kubernetes),
    ]);
    say(`cluster: the control plane answers after ${seconds()}`);
    startNode(binaries);
    await waitForNode(binaries);
    say(`cluster: the node is ready after ${seconds()}`);
    await startAddons(binaries, images.tools);
    writeFileSync(PATHS.revision, revision());
    say(`cluster: ready after ${seconds()}; KUBECONFIG=${PATHS.kubeconfig}`);
}

/** Ends all that this harness started, whatever state it is in, and removes all but images, certificates and logs. */
export async function tearDown(): Promise<void> {
    rmSync(PATHS.revision, { force: true });
    await Promise.all(NODE_COMPONENTS.map(stop));
    await removeRemainingContainers();
    // The API server before its store, without which it would wait in vain.
    for (const name of [...CONTROL_PLANE].reverse()) await stop(name);
    await unmountAll();
    removeCgroups();
    removeLogLinks();
    await tearDownNetwork();
    for (const directory of [PATHS.etcd, PATHS.kubelet, PATHS.volumes, PATHS.run]) {
        rmSync(directory, { recursive: true, force: true });
    }
}

/** A pid file of containerd's says that there may be containers, also when it ended itself: they outlive it. */
async function removeRemainingContainers(): Promise<void> {
    if (!started().includes("containerd")) return;
    if (pidOf("containerd") === undefined) await startRuntime("none");
    await removeContainers();
    await stop("containerd");
}

/** The kubelet links the logs of containers where collectors of logs look for them, wherever the logs are. */
function removeLogLinks(): void {
    const directory = "/var/log/containers";
    if (!existsSync(directory)) return;
    for (const link of readdirSync(directory).map((name) => join(directory, name))) {
        if (readlinkSync(link).startsWith(`${PATHS.podLogs}/`)) rmSync(link);
    }
}

async function waitForNode(binaries: Binaries): Promise<void> {
    const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    const ready = (): Promise<boolean> =>
        kubectl(binaries, ["get", "node", NODE, "-o", path]).then(
            (status) => status === "True",
            () => false,
        );
    await waitFor(ready, {
        what: "the node",
        seconds: 240,
        check: () => COMPONENTS.forEach(ensureRuns),
        explain: () => [tail("kubelet"), tail("containerd")].join("\n"),
    });
}

async function startAddons(binaries: Binaries, image: string): Promise<void> {
    await kubectl(binaries, ["apply", "-f", "-"], addonManifest(image));
    await Promise.all(DEPLOYMENTS.map(([namespace, name]) => waitForDeployment(binaries, namespace, name)));
    await kubectl(binaries, [
        "wait",
        "--for=condition=Available",
        "apiservice/v1beta1.metrics.k8s.io",
        "--timeout",
        "300s",
    ]);
}

async function waitForDeployment(binaries: Binaries, namespace: string, name: string): Promise<void> {
    const within = ["--namespace", namespace];
    const rollout = ["rollout", "status", `deployment/${name}`, "--timeout", "300s"];
    await kubectl(binaries, [...within, ...rollout]).catch(async (error: Error) => {
        const told = [
            ["get", "pods", "-o", "wide"],
            ["get", "events", "--field-selector", "type!=Normal"],
            ["logs", `deployment/${name}`, "--tail", "20"],
        ].map((args) => kubectl(binaries, [...within, ...args]).catch((reason: Error) => reason.message));
        throw new Error([error.message, ...(await Promise.all(told)), tail("kubelet")].join("\n"), { cause: error });
    });
}

function kubectl(binaries: Binaries, args: string[], input?: string): Promise<string> {
    return run(join(binaries.kubernetes, "kubectl"), ["--kubeconfig", PATHS.kubeconfig, ...args], { input });
}

/** A hash of this harness: a cluster that another version started is another cluster. */
function revision(): string {
    const hash = createHash("sha256");
    const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).sort();
    for (const file of files.filter(
        (name) => !/\.test\.ts$|^main\.ts$/.test(name) && /\.(ts|yaml|c|go|mod|sum)$/.test(name),
    )) {
        hash.update(file).update(readFileSync(join(__dirname, file)));
    }
    return hash.digest("hex");
}
