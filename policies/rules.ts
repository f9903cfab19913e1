/** Every rule, in the order of their ids. */
import type { Rule } from "./core/rule";
import { waiverRules } from "./core/waiver-rules";
import { dockerRules } from "./docker";
import { kubernetesRules } from "./kubernetes";

const JUDGING: readonly Rule[] = [...kubernetesRules, ...dockerRules];

export const RULES: readonly Rule[] = [...JUDGING, ...waiverRules(JUDGING)];
