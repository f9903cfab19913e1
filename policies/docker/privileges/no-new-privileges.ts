import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachSecurityOption } from "../containers";

const OPTION = "no-new-privileges:true";

export default dockerRule({
    id: "GW-DOC-004",
    slug: "no-new-privileges",
    title: "Docker containers cannot gain privileges",
    why: "A program with the setuid bit makes a process root that was not. With no-new-privileges the kernel ignores the bit.",
    remedy: "Add no-new-privileges:true to securityOpts (security_opt).",
    severity: "medium",
    levels: FROM_STAGING,
    references: [...cisDocker("5.26"), ...soc2("CC6.1")],
    // Instead of the option that says otherwise, or beside all others.
    mend: (found) =>
        typeof found === "string" ? OPTION : [...(Array.isArray(found) ? (found as unknown[]) : []), OPTION],
    check({ raw }, report) {
        let set = false;
        eachSecurityOption(raw, report, ({ name, value, path }) => {
            if (name !== "no-new-privileges") return;
            set = true;
            if (value !== undefined && value !== "true") report(path, "must be no-new-privileges:true");
        });
        if (!set) report("securityOpts", "must have no-new-privileges:true");
    },
});
