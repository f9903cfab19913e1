import type { Rule } from "../core/rule";
import budget from "./budget";
import cost from "./cost";
import isProtected from "./protected";
import published from "./published";

export const stackRules: readonly Rule[] = [budget, cost, published, isProtected];
