/** etcd, the API server, the controllers and the scheduler. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { waitFor } from "../../support/wait";
import { crt, key, kubeconfig } from "./certificates";
import { NETWORK, PATHS, PORTS } from "./layout";
import { ensureRuns, start, tail } from "./processes";
import { succeeds } from "./shell";

export const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

/** @param binaries Folder of Kubernetes' programs. */
export async function startControlPlane(binaries: string): Promise<void> {
    startEtcd();
    start({ name: "kube-apiserver", command: join(binaries, "kube-apiserver"), args: flags(apiserver()) });
    await waitFor(() => answers(binaries), {
        what: "the API server",
        // Ten seconds where it has a core to itself.
        seconds: 240,
        check: () => ["etcd", "kube-apiserver"].forEach(ensureRuns),
        explain: () => `${tail("kube-apiserver")}\n${tail("etcd")}`,
    });
    const controllers = { name: "kube-controller-manager", command: join(binaries, "kube-controller-manager") };
    start({ ...controllers, args: flags(controllerManager()) });
    const scheduler = { kubeconfig: kubeconfig("scheduler"), "leader-elect": "false", "bind-address": "127.0.0.1" };
    start({ name: "kube-scheduler", command: join(binaries, "kube-scheduler"), args: flags(scheduler) });
}

/** Whether the API server says that it is ready. */
export function answers(binaries: string): Promise<boolean> {
    const options = ["--kubeconfig", PATHS.kubeconfig, "--request-timeout", "5s"];
    return succeeds(join(binaries, "kubectl"), [...options, "get", "--raw", "/readyz"]);
}

function startEtcd(): void {
    mkdirSync(PATHS.etcd, { recursive: true, mode: 0o700 });
    const client = `https://127.0.0.1:${PORTS.etcd}`;
    const peer = `http://127.0.0.1:${PORTS.etcdPeer}`;
    const args = flags({
        "data-dir": PATHS.etcd,
        "listen-client-urls": client,
        "advertise-client-urls": client,
        // A member without peers listens for them all the same.
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": `default=${peer}`,
        "cert-file": crt("etcd"),
        "key-file": key("etcd"),
        "trusted-ca-file": crt("etcd-ca"),
        "client-cert-auth": "true",
    });
    start({ name: "etcd", command: "/usr/bin/etcd", args });
}

function apiserver(): Record<string, string> {
    return {
        "advertise-address": NETWORK.node,
        "bind-address": NETWORK.node,
        "secure-port": String(PORTS.api),
        "etcd-servers": `https://127.0.0.1:${PORTS.etcd}`,
        "etcd-cafile": crt("etcd-ca"),
        "etcd-certfile": crt("apiserver-to-etcd"),
        "etcd-keyfile": key("apiserver-to-etcd"),
        "tls-cert-file": crt("apiserver"),
        "tls-private-key-file": key("apiserver"),
        "client-ca-file": crt("ca"),
        "kubelet-certificate-authority": crt("ca"),
        "kubelet-client-certificate": crt("apiserver-to-kubelet"),
        "kubelet-client-key": key("apiserver-to-kubelet"),
        // The node's name is known to no name server.
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-issuer": `https://kubernetes.default.svc.${NETWORK.domain}`,
        "service-account-key-file": key("service-accounts"),
        "service-account-signing-key-file": key("service-accounts"),
        "service-cluster-ip-range": NETWORK.services,
        "authorization-mode": "Node,RBAC",
        // On top of the defaults: PodSecurity, ServiceAccount, ResourceQuota, LimitRanger and the others.
        "enable-admission-plugins": "NodeRestriction",
        "allow-privileged": "true",
        "requestheader-client-ca-file": crt("front-proxy-ca"),
        "requestheader-allowed-names": "front-proxy",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-username-headers": "X-Remote-User",
        "proxy-client-cert-file": crt("front-proxy"),
        "proxy-client-key-file": key("front-proxy"),
        "enable-aggregator-routing": "true",
    };
}

function controllerManager(): Record<string, string> {
    return {
        kubeconfig: kubeconfig("controller-manager"),
        "leader-elect": "false",
        "bind-address": "127.0.0.1",
        "use-service-account-credentials": "true",
        "service-account-private-key-file": key("service-accounts"),
        "root-ca-file": crt("ca"),
        "cluster-signing-cert-file": crt("ca"),
        "cluster-signing-key-file": key("ca"),
    };
}

function flags(values: Record<string, string>): string[] {
    return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
