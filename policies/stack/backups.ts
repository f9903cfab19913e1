/** What a stack says of its data and of what backs it up: the outputs of its components. */
import { UnitsBuilder } from "../core/check";
import { asMap, asText, listAt, placed, type Raw, textAt } from "../core/raw";
import type { Resource, Stack } from "../core/resource";
import { ruleFor, type StackUnit } from "../core/rule";
import { platformsOf } from "./platform";

const SCHEDULE = "groundwork:backup:BackupSchedule";

/** A volume that holds data. */
export interface DataVolume extends StackUnit {
    readonly stack: Stack;
    readonly resource: Resource;
    readonly volume: string;
    /** Why what is on it is not backed up, where that is meant to be so. */
    readonly unsaved?: string;
}

/** One process that backs up, or removes what is old. */
export interface BackupSchedule extends StackUnit {
    readonly resource: Resource;
    readonly raw: Raw;
}

/** Looks at each volume of which a stack says that it holds data. */
export const dataVolumeRule = ruleFor<DataVolume>({
    scope: "stack",
    units: (stack) => {
        const found = new UnitsBuilder<DataVolume>();
        for (const resource of platformsOf(stack)) {
            found.attempt("", () => {
                for (const [n, item] of listAt(resource.props, "data").entries()) {
                    const path = `data[${n}]`;
                    const raw = placed(asMap(item, path), path);
                    const volume = textAt(raw, "volume") ?? "";
                    found.units.push({ path, label: volume, stack, resource, volume, unsaved: textAt(raw, "unsaved") });
                }
            });
        }
        return found;
    },
});

/** Looks at each process that backs up. */
export const backupScheduleRule = ruleFor<BackupSchedule>({
    scope: "stack",
    units: (stack) => ({
        units: ofType(stack, SCHEDULE).map((resource) => ({ path: "", resource, raw: resource.props })),
        unknown: [],
        malformed: [],
    }),
});

/** Volumes that something of a stack backs up. */
export function savedVolumes(stack: Stack): Set<string> {
    return new Set(
        ofType(stack, SCHEDULE).flatMap(({ props }) =>
            listAt(props, "saved").flatMap((item, n) => {
                const at = `saved[${n}]`;
                return listAt(asMap(item, at), "volumes").map((volume, m) => asText(volume, `${at}.volumes[${m}]`));
            }),
        ),
    );
}

function ofType(stack: Stack, type: string): Resource[] {
    return stack.resources.filter((resource) => resource.type === type);
}
