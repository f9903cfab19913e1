/** Every rule, in the order of their ids. */
import type { Rule } from "./core/rule";
import { waiverRules } from "./core/waiver-rules";
import { awsRules } from "./aws";
import { dockerRules } from "./docker";
import { kubernetesRules } from "./kubernetes";
import { stackRules } from "./stack";

const JUDGING: readonly Rule[] = [...kubernetesRules, ...dockerRules, ...awsRules, ...stackRules];

export const RULES: readonly Rule[] = [...JUDGING, ...waiverRules(JUDGING)];
