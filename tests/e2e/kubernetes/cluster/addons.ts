/** What a cluster has on top of Kubernetes: names, volumes and metrics. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { NETWORK, PATHS } from "./layout";
import { nameServers } from "./node";

const MANIFESTS = ["dns", "storage", "metrics"];

/** Deployments that must be ready before the cluster is: namespace and name. */
export const DEPLOYMENTS = [
    ["kube-system", "coredns"],
    ["local-path-storage", "local-path-provisioner"],
    ["kube-system", "metrics-server"],
] as const;

/** One manifest of all addons. @param image Reference of the image that holds their programs. */
export function addonManifest(image: string): string {
    const values: Record<string, string> = {
        IMAGE: image,
        DOMAIN: NETWORK.domain,
        DNS: NETWORK.dns,
        VOLUMES: PATHS.volumes,
        // CoreDNS does not start where it is to ask nobody.
        FORWARD: nameServers().length > 0 ? "forward . /etc/resolv.conf" : "",
    };
    const texts = MANIFESTS.map((name) => readFileSync(join(__dirname, "manifests", `${name}.yaml`), "utf8"));
    return texts.join("\n---\n").replace(/\$\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
