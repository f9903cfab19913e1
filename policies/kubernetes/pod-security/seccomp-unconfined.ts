import { hasAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { nsa } from "../../frameworks/nsa";
import { pss } from "../../frameworks/pss";
import { securityContextRule } from "../objects";

const TYPES: ReadonlySet<string | undefined> = new Set(["RuntimeDefault", "Localhost"]);

export default securityContextRule({
    id: "GW-K8S-012",
    slug: "seccomp-unconfined",
    title: "Containers do not switch seccomp off",
    why: "Without a profile every system call is allowed, and with it every flaw that the kernel has in one that nobody needs.",
    remedy: "Make seccompProfile.type RuntimeDefault or Localhost, or remove it.",
    severity: "high",
    levels: ALWAYS,
    references: [...pss("baseline/seccomp"), ...nsa("1.10")],
    check({ raw }, report) {
        if (hasAt(raw, "seccompProfile") && !TYPES.has(textAt(raw, "seccompProfile", "type"))) {
            report("seccompProfile.type", "must be RuntimeDefault or Localhost");
        }
    },
});
