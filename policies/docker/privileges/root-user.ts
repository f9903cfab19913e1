import { textAt } from "../../core/raw";
import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

/** `root`, `0`, `0:1000`. */
export const ROOT = /^(?:root|0+)(?::|$)/;

export default dockerRule({
    id: "GW-DOC-008",
    slug: "root-user",
    title: "Docker containers are not told to run as root",
    why: "Root in a container is root on its host as soon as one more thing goes wrong: a mount too many, a flaw of the kernel's.",
    remedy: "Name a user by number, such as 10001:10001. Which user a container has that is told none is its image's matter: see its Dockerfile.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisDocker("4.1"), ...soc2("CC6.1")],
    check({ raw }, report) {
        if (ROOT.test(textAt(raw, "user") ?? "")) report("user", "must not be root");
    },
});
