import { soc2 } from "../frameworks/soc2";
import { dataVolumeRule, savedVolumes } from "./backups";

export default dataVolumeRule({
    id: "GW-STK-005",
    slug: "backed-up",
    title: "What holds data is backed up outside of dev",
    why: "A volume that nobody backs up is missed on the day that it is gone.",
    remedy: "Back it up (groundwork:backup, and a backup in the system's data), or say in the volume's data why not: unsaved.",
    severity: "high",
    levels: { dev: "disabled", staging: "mandatory", prod: "mandatory" },
    references: soc2("A1.2"),
    check({ stack, volume, unsaved }, report) {
        if (unsaved === undefined && !savedVolumes(stack).has(volume))
            report("", "must be backed up, or say why it is not");
    },
});
