/** The bridge that pods are on, their way out, and what lets their packets pass. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { NETWORK, PATHS } from "./layout";
import { run, succeeds } from "./shell";

/** Tables of nftables. Kubernetes' own, `kube-proxy`, is that of the only cluster that a machine can run in one network namespace. */
const TABLE = ["ip", "groundwork-cluster"];
const KUBE_PROXY_TABLES = [
    ["ip", "kube-proxy"],
    ["ip6", "kube-proxy"],
];

/** What network-policies writes. */
export const POLICY_TABLE = "groundwork-policies";

/** Docker drops what is forwarded unless somebody accepts it, and an accepting table of ours would not overrule that. */
const FORWARDING = ["-s", "-d"].map((side) => [
    ...["FORWARD", side, NETWORK.pods],
    ...["-m", "comment", "--comment", "groundwork-cluster", "-j", "ACCEPT"],
]);

export const CNI = { config: join(PATHS.config, "cni"), plugins: "/usr/lib/cni" };

export async function setUpNetwork(): Promise<void> {
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
    await filterBridges();
    if (!existsSync(`/sys/class/net/${NETWORK.bridge}`)) {
        await run("ip", ["link", "add", NETWORK.bridge, "type", "bridge"]);
    }
    await run("ip", ["address", "replace", `${NETWORK.node}/${NETWORK.prefix}`, "dev", NETWORK.bridge]);
    await run("ip", ["link", "set", NETWORK.bridge, "up"]);
    const table = TABLE.join(" ");
    const masquerade = `ip saddr ${NETWORK.pods} ip daddr != { ${NETWORK.pods}, ${NETWORK.services} } masquerade`;
    await run("nft", ["-f", "-"], {
        input: [
            `add table ${table}`,
            `delete table ${table}`,
            `table ${table} { chain out { type nat hook postrouting priority srcnat; ${masquerade}; }; }`,
        ].join("\n"),
    });
    for (const rule of FORWARDING) {
        if (!(await succeeds(...iptables("-C", rule)))) await run(...iptables("-I", rule));
    }
    writeCniConfig();
}

/** Takes everything back, also what another run, or a kube-proxy that was killed, left behind. */
export async function tearDownNetwork(): Promise<void> {
    for (const rule of FORWARDING) {
        while (await succeeds(...iptables("-C", rule))) await run(...iptables("-D", rule));
    }
    for (const table of [TABLE, ["ip", POLICY_TABLE], ...KUBE_PROXY_TABLES]) {
        if (await succeeds("nft", ["list", "table", ...table])) await run("nft", ["delete", "table", ...table]);
    }
    if (existsSync(`/sys/class/net/${NETWORK.bridge}`)) await run("ip", ["link", "delete", NETWORK.bridge]);
}

/** Waits for its lock, which Docker may hold. */
function iptables(action: string, rule: string[]): [string, string[]] {
    return ["iptables", ["-w", action, ...rule]];
}

/** Services and policies must see what goes from pod to pod of one bridge too. */
async function filterBridges(): Promise<void> {
    const setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    if (!existsSync(setting)) await run("modprobe", ["br_netfilter"]);
    writeFileSync(setting, "1");
}

function writeCniConfig(): void {
    const config = {
        cniVersion: "0.4.0",
        name: "groundwork",
        plugins: [
            {
                type: "bridge",
                bridge: NETWORK.bridge,
                isGateway: true,
                // A pod may reach itself through its service.
                hairpinMode: true,
                ipam: {
                    type: "host-local",
                    dataDir: join(PATHS.run, "ipam"),
                    ranges: [[{ subnet: NETWORK.pods, gateway: NETWORK.node }]],
                    routes: [{ dst: "0.0.0.0/0" }],
                },
            },
        ],
    };
    mkdirSync(CNI.config, { recursive: true });
    writeFileSync(join(CNI.config, "10-groundwork.conflist"), `${JSON.stringify(config, null, 2)}\n`);
}
