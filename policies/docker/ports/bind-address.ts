import { flagAt, listAt, textAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

const EVERYWHERE = ["", "0.0.0.0", "::", "[::]"];

export default dockerRule({
    id: "GW-DOC-031",
    slug: "bind-address",
    title: "Docker containers are published on one address of their host",
    why: "A port without an address is open on every interface, past the host's firewall: the engine's own rules come before it.",
    remedy: "Name the address: 127.0.0.1 for this machine alone, else that of the interface which is meant.",
    severity: "medium",
    levels: ADVICE,
    references: [...cisDocker("5.14"), ...soc2("CC6.6")],
    check({ raw }, report) {
        report.attempt(() => {
            if (flagAt(raw, "publishAllPorts")) report("publishAllPorts", "must not be true");
        });
        report.eachMap(listAt(raw, "ports"), "ports", (port, path) => {
            if (EVERYWHERE.includes(textAt(port, "ip") ?? ""))
                report(`${path}.ip`, "must be the address of one interface");
        });
    },
});
