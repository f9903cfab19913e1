/** Swaps or undoes an exchange, and is killed by SIGKILL just before its n-th change of the disk: `swap-process.ts <volume> <swap|undo> <n>`. */
import fs from "node:fs";

import { Exchange } from "../../../packages/backup/src/stores/volume/exchange";

const [volume, action, steps] = process.argv.slice(2) as [string, "swap" | "undo", string];
let left = Number(steps);

for (const name of ["renameSync", "mkdirSync", "writeFileSync", "rmSync"] as const) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    (fs as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
        if (left === 0) process.kill(process.pid, "SIGKILL");
        left -= 1;
        return real(...args);
    };
}

const exchange = new Exchange(volume, "one");
if (action === "swap") exchange.swap();
else exchange.undo("one-undone");
