import { asText, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";
import { capabilityName } from "./capability-names";

/** Those of Docker's defaults with which a container cannot reach beyond its own files and processes. */
const HARMLESS = [
    ...["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE"],
    ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

export default dockerRule({
    id: "GW-DOC-003",
    slug: "capabilities-added",
    title: "Docker containers ask for no capability that reaches beyond them",
    why: "With SYS_ADMIN, SYS_PTRACE, NET_ADMIN, NET_RAW and their like a container changes its host's kernel, reads other processes, or listens to and forges others' traffic.",
    remedy: "Remove it from capabilities.adds (cap_add). If it is needed, allow it with the setting allowed, and say why beside it.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.4"), ...soc2("CC6.3")],
    settings: { allowed: { description: "Capabilities that may be added.", default: HARMLESS } },
    check({ raw }, report, { settings }) {
        report.each(listAt(raw, "capabilities", "adds"), "capabilities.adds", (item, path) => {
            const name = capabilityName(asText(item, path));
            if (!settings.allowed.includes(name)) report(path, `must not add ${name}`);
        });
    },
});
