/** Where the cluster lives: its files, its addresses, its ports. */
import { join } from "node:path";

/** Everything that the cluster writes, but for the cache of what is built for it. */
export const STATE = process.env["GROUNDWORK_CLUSTER_DIR"] ?? "/var/lib/groundwork-cluster";

export const PATHS = {
    certificates: join(STATE, "certificates"),
    kubeconfigs: join(STATE, "kubeconfigs"),
    /** The administrator's. */
    kubeconfig: join(STATE, "kubeconfigs", "admin.yaml"),
    config: join(STATE, "config"),
    logs: join(STATE, "logs"),
    podLogs: join(STATE, "logs", "pods"),
    pids: join(STATE, "pids"),
    run: join(STATE, "run"),
    socket: join(STATE, "run", "containerd.sock"),
    containerd: join(STATE, "containerd"),
    etcd: join(STATE, "etcd"),
    kubelet: join(STATE, "kubelet"),
    volumes: join(STATE, "volumes"),
    /** Hash of the harness that started what runs. */
    revision: join(STATE, "revision"),
    /** Docker's ids of the images that were loaded, by reference. */
    images: join(STATE, "containerd", "loaded.json"),
};

export const NODE = "groundwork";

/**
 * The node's address is the pods' gateway, on a bridge of the cluster's own: it stays the same on every machine, so certificates and
 * kubeconfigs stay valid, and nothing listens where other machines could reach it.
 */
export const NETWORK = {
    bridge: "groundwork0",
    node: "10.244.0.1",
    prefix: 24,
    pods: "10.244.0.0/24",
    services: "10.96.0.0/16",
    /** First address of the services. */
    kubernetes: "10.96.0.1",
    dns: "10.96.0.10",
    domain: "cluster.local",
};

/** Where the API server and etcd listen: etcd not at its own ports, since a machine may run one already. */
export const PORTS = { api: 6443, etcd: 12379, etcdPeer: 12380 };

export const API = `https://${NETWORK.node}:${PORTS.api}`;
