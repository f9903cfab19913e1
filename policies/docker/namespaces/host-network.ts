import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, namedNetworks } from "../containers";

export default dockerRule({
    id: "GW-DOC-010",
    slug: "host-network",
    title: "Docker containers are not in their host's network",
    why: "There a container reaches what listens on the host's loopback, sees all traffic, and listens on any port without having been given it.",
    remedy: "Put it into a network of its own, and publish the ports that others need.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.10"), ...soc2("CC6.6")],
    check({ raw }, report) {
        report.attempt(() => {
            if (textAt(raw, "networkMode") === "host") report("networkMode", "must not be host");
        });
        report.eachMap(namedNetworks(raw), "networksAdvanced", (network, path) => {
            if (textAt(network, "name") === "host") report(`${path}.name`, "must not be host");
        });
    },
});
