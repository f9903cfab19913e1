import { SYSTEM_KEYS } from "../../../systems/types";
import type { Bench } from "../row";
import { composeBench } from "./compose";
import { previewBench } from "./preview";
import { scaleBench } from "./scale";

/** The embedded engine. `debt-os` first: it is the default system, and the one that is compared most. */
export const engineBenches: Bench[] = [
    ...SYSTEM_KEYS.slice()
        .sort((a, b) => Number(b === "debt-os") - Number(a === "debt-os"))
        .map(previewBench),
    composeBench("debt-os"),
    scaleBench,
];
