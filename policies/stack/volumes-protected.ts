import { soc2 } from "../frameworks/soc2";
import { kindOf } from "../kubernetes/objects";
import { dataVolumeRule } from "./backups";

export default dataVolumeRule({
    id: "GW-STK-008",
    slug: "volumes-protected",
    title: "Volumes that hold data are protected outside of dev",
    why: "pulumi destroy, a renamed resource, or an input that replaces it deletes the data with it. A plan that would delete or replace what is protected is refused by both engines, by name; a policy cannot do that itself, as none is shown what was there before. gw report names it on the pull request.",
    remedy: "Leave groundwork:protect on.",
    severity: "high",
    levels: { dev: "disabled", staging: "mandatory", prod: "mandatory" },
    references: soc2("A1.2", "CC8.1"),
    check({ stack, resource, volume }, report) {
        // On Docker all stacks of a machine are side by side, so names begin with their own.
        const names = [volume, `${nameIn(resource.urn)}-${volume}`];
        for (const other of stack.resources) {
            if (!isVolume(other.type) || !names.includes(nameIn(other.urn))) continue;
            if (other.options.protect !== true) report("", "must be protected", other);
        }
    },
});

function isVolume(type: string): boolean {
    return type === "docker:index/volume:Volume" || kindOf(type)?.kind === "PersistentVolumeClaim";
}

/** Its name in the program. */
function nameIn(urn = ""): string {
    return urn.split("::").at(-1)!;
}
