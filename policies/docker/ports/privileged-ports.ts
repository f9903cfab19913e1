import { listAt, numberAt } from "../../core/raw";
import { ADVICE } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

/** Below it only root may listen. */
const FIRST_UNPRIVILEGED = 1024;

export default dockerRule({
    id: "GW-DOC-030",
    slug: "privileged-ports",
    title: "Docker containers are published on ports that anybody may have",
    why: "The ports below 1024 are those that clients trust to be the host's own services.",
    remedy: "Publish on a port from 1024 on; an edge that is meant to have 80 and 443 allows them with the setting allowed.",
    severity: "low",
    levels: ADVICE,
    references: [...cisDocker("5.8"), ...soc2("CC6.6")],
    settings: { allowed: { description: "Ports of the host's that may be published on.", default: [] as string[] } },
    check({ raw }, report, { settings }) {
        report.eachMap(listAt(raw, "ports"), "ports", (port, path) => {
            const external = numberAt(port, "external");
            if (external === undefined || external >= FIRST_UNPRIVILEGED || external === 0) return;
            if (!settings.allowed.includes(String(external))) report(`${path}.external`, "must be 1024 or higher");
        });
    },
});
