import type { Bench } from "../row";
import { objectsBench } from "./objects";
import { upBench } from "./up";

/** The embedded engine on a real cluster: that of KUBECONFIG, else the tests' own. */
export const kubernetesBenches: Bench[] = [upBench("debt-os"), objectsBench];
