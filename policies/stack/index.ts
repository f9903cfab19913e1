import type { Rule } from "../core/rule";
import backedUp from "./backed-up";
import backupAlert from "./backup-alert";
import backupInterval from "./backup-interval";
import backupKept from "./backup-kept";
import budget from "./budget";
import cost from "./cost";
import isProtected from "./protected";
import published from "./published";
import replicas from "./replicas";
import routed from "./routed";
import tls from "./tls";
import volumesProtected from "./volumes-protected";

export const stackRules: readonly Rule[] = [
    ...[budget, cost, published, isProtected],
    ...[backedUp, backupInterval, backupKept, volumesProtected],
    ...[routed, backupAlert, tls, replicas],
];
