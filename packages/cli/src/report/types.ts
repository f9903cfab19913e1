/** What a report says, whatever it is written as. */
import type { Severity } from "@groundwork/policies/core/rule";

import type { Environment, SystemKey } from "../../../../systems/types";

/** `unprotect`: it stays, and may be destroyed from then on. */
export type ChangeKind = "create" | "update" | "replace" | "delete" | "unprotect";

export interface ComparedStack {
    stack: string;
    /** Absent: its file does not say. */
    system?: SystemKey;
    environment?: Environment;
    /** How many resources; those that only group others are not counted. */
    counts: Record<Exclude<ChangeKind, "unprotect"> | "same", number>;
    /** The stack has a file in one revision only. */
    only?: "base" | "head";
}

/** Where a change happens, and what keeps the worst from happening there. */
export interface Place {
    stack: string;
    /** The resource is protected, so that `up` refuses the change. */
    refused: boolean;
    /** The resource is only forgotten: what it is stays where it runs. */
    kept: boolean;
}

/** One change, in every stack where it is the same one. */
export interface Change {
    kind: ChangeKind;
    /** `gw-<stack>-…` where the stacks are several. */
    name: string;
    /** e.g. `docker:Volume` */
    type: string;
    /** It holds what cannot be made anew. */
    stateful: boolean;
    /** Lines as of `diff`: each begins with `+ `, `- ` or `! `. No secret is in them. */
    lines: string[];
    places: Place[];
}

/** A violation of a rule of the policy pack, in every stack where it is the same one. */
export interface PolicyViolation {
    rule: string;
    title: string;
    severity: Severity;
    enforcement: "advisory" | "mandatory";
    /** `Deployment/gw-<stack>/api` where the stacks are several. */
    resource: string;
    /** Path of the property; empty: the whole resource. */
    path: string;
    message: string;
    /** In the project's sources. Absent: no line of theirs made it. */
    file?: string;
    line?: number;
    stacks: string[];
}

/** What the rules say of the head and not of the base, and the other way round. */
export interface PolicyChanges {
    /** The gravest first. */
    found: PolicyViolation[];
    fixed: PolicyViolation[];
}

/** A revision whose program cannot be run for these stacks. */
export interface Failure {
    revision: "base" | "head";
    stacks: string[];
    message: string;
}

export interface ReportedRevision {
    ref: string;
    commit: string;
    /** Files with changes that are in no commit. */
    uncommitted: number;
}

export interface Report {
    base: ReportedRevision;
    head: ReportedRevision;
    /** What a reader has to know of the comparison itself. */
    notes: string[];
    stacks: ComparedStack[];
    /** The most dangerous first. */
    changes: Change[];
    policies: PolicyChanges;
    failures: Failure[];
}
