import type { Bench } from "../row";
import { postgresBench } from "./postgres";

export const backupBenches: Bench[] = [postgresBench(1, { month: true }), postgresBench(5, { month: false })];
