import { listAt, numberAt, textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

/** What runs out for the whole host. */
const SHARED = ["nofile", "nproc"];

export default dockerRule({
    id: "GW-DOC-042",
    slug: "ulimits",
    title: "Docker containers cannot open files and start processes without limit",
    why: "Both are the host's: when one container has used them up, nothing on it can log in, open a file or fork.",
    remedy: "Give ulimits nofile and nproc a number, or leave them to the engine's defaults.",
    severity: "low",
    levels: FROM_STAGING,
    references: [...cisDocker("5.19"), ...soc2("A1.1")],
    check({ raw }, report) {
        report.eachMap(listAt(raw, "ulimits"), "ulimits", (ulimit, path) => {
            if (!SHARED.includes(textAt(ulimit, "name") ?? "")) return;
            for (const key of ["soft", "hard"]) {
                if ((numberAt(ulimit, key) ?? 0) < 0)
                    report(`${path}.${key}`, "must be a number from 0 on: -1 is no limit");
            }
        });
    },
});
