import { existsSync, readFileSync } from "node:fs";

import { parseWaivers, Waivers } from "../core/waivers";

/** The waivers of a file, as of today; none where there is no file. @throws Error when it cannot be read as waivers */
export function readWaivers(file: string): Waivers {
    return new Waivers(existsSync(file) ? parseWaivers(readFileSync(file, "utf8"), file) : [], new Date());
}
