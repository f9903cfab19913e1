/** The pack that Pulumi runs: every rule as a policy, enforced as the stack's environment asks for. */
import { join } from "node:path";

import { PolicyPack } from "@pulumi/policy";

import { RULES } from "./rules";
import { deserializeOnce } from "./sources/deserialize";
import { environmentOf } from "./sources/environment";
import { policyOf } from "./sources/pulumi";
import { readWaivers } from "./sources/waivers";

deserializeOnce();
const context = { environment: environmentOf(), waivers: readWaivers(join(process.cwd(), "waivers.yaml")) };

new PolicyPack("groundwork", { policies: RULES.map((rule) => policyOf(rule, context)) });
