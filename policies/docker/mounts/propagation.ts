import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-022",
    slug: "propagation",
    title: "Mounts in Docker containers do not appear on their host",
    why: "With shared propagation what a container mounts is mounted on the host, and in every container that shares with it.",
    remedy: "Remove the propagation shared or rshared; rprivate is the default.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.20"), ...soc2("CC6.1")],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "mounts"), "mounts", (mount, path) => {
            const propagation = textAt(mount, "bindOptions", "propagation");
            if (propagation === "shared" || propagation === "rshared") {
                report(`${path}.bindOptions.propagation`, `must not be ${propagation}`);
            }
        });
    },
});
