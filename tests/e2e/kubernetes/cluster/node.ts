/** The one node: kubelet, kube-proxy and what enforces network policies. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Binaries } from "./binaries";
import { crt, key, kubeconfig } from "./certificates";
import { NETWORK, NODE, PATHS } from "./layout";
import { POLICY_TABLE } from "./network";
import { start } from "./processes";

export const NODE_COMPONENTS = ["kubelet", "kube-proxy", "network-policies"] as const;

export function startNode({ kubernetes, addons }: Binaries): void {
    mkdirSync(PATHS.kubelet, { recursive: true });
    const args = [
        `--config=${writeConfig("kubelet", kubelet())}`,
        `--kubeconfig=${kubeconfig("node")}`,
        `--hostname-override=${NODE}`,
        `--node-ip=${NETWORK.node}`,
        `--root-dir=${PATHS.kubelet}`,
    ];
    start({ name: "kubelet", command: join(kubernetes, "kubelet"), args });
    const proxy = [`--config=${writeConfig("kube-proxy", kubeProxy())}`];
    start({ name: "kube-proxy", command: join(kubernetes, "kube-proxy"), args: proxy });
    const policies = [`--kubeconfig=${PATHS.kubeconfig}`, `--table=${POLICY_TABLE}`];
    start({ name: "network-policies", command: join(addons, "network-policies"), args: policies });
}

function kubelet(): object {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: NETWORK.node,
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: crt("ca") },
        },
        authorization: { mode: "Webhook" },
        tlsCertFile: crt("kubelet"),
        tlsPrivateKeyFile: key("kubelet"),
        containerRuntimeEndpoint: `unix://${PATHS.socket}`,
        cgroupDriver: "cgroupfs",
        clusterDNS: [NETWORK.dns],
        clusterDomain: NETWORK.domain,
        resolvConf: writeResolvConf(),
        failSwapOn: false,
        // A container of ours may not lower it, and who runs this may be in one.
        oomScoreAdj: 0,
        maxPods: 200,
        podLogsDir: PATHS.podLogs,
        serializeImagePulls: false,
        // Chains that only the iptables mode of kube-proxy has a use for.
        makeIPTablesUtilChains: false,
        // Images come from no registry: one that is collected as garbage would not come back.
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
        // By what is left rather than by share: a disk that is nine tenths full may well have room for tests.
        evictionHard: {
            "memory.available": "200Mi",
            "nodefs.available": "1Gi",
            "imagefs.available": "1Gi",
            "nodefs.inodesFree": "1%",
        },
    };
}

function kubeProxy(): object {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        clientConnection: { kubeconfig: kubeconfig("kube-proxy") },
        hostnameOverride: NODE,
        // One table of its own, which goes with one command; iptables rules are among everybody's.
        mode: "nftables",
        clusterCIDR: NETWORK.pods,
        oomScoreAdj: 0,
        healthzBindAddress: "127.0.0.1:10256",
        metricsBindAddress: "127.0.0.1:10249",
        // The machine's own limits stay as they are.
        conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: "0s", tcpEstablishedTimeout: "0s" },
    };
}

/** The machine's name servers that a pod can reach: not those on its loopback. */
export function nameServers(): string[] {
    const file = ["/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"].find(existsSync);
    const lines = file === undefined ? [] : readFileSync(file, "utf8").split("\n");
    const servers = lines.flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
    return servers.filter((server) => !server.startsWith("127.") && server !== "::1");
}

function writeResolvConf(): string {
    const file = join(PATHS.config, "resolv.conf");
    mkdirSync(PATHS.config, { recursive: true });
    writeFileSync(
        file,
        nameServers()
            .map((server) => `nameserver ${server}\n`)
            .join(""),
    );
    return file;
}

/** JSON, which is YAML. */
function writeConfig(name: string, config: object): string {
    mkdirSync(PATHS.config, { recursive: true });
    const file = join(PATHS.config, `${name}.yaml`);
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
    return file;
}
