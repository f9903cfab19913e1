import { textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-012",
    slug: "host-ipc",
    title: "Docker containers do not share their host's memory segments",
    why: "Processes of the host keep what they share with each other there: a container reads and changes it.",
    remedy: "Set ipcMode to private (ipc: private); containers that share memory name each other: container:NAME.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.17"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (textAt(raw, "ipcMode") === "host") report("ipcMode", "must not be host");
    },
});
