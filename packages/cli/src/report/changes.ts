/** From the plans of stacks to what a reader has to know of them: each change once, the most dangerous first. Pure. */
import type { PreviewStep, ResourceState } from "@groundwork/engine/api";

import { LABEL_PREFIX } from "../../../../targets/docker/labels";
import { compare } from "../../../../targets/order";
import { parseUrn } from "../ui/urn";
import { changedLines, madeLines, withoutStack } from "./lines";
import type { Plan } from "./plan";
import type { StackName } from "./stacks";
import type { Change, ChangeKind, ComparedStack, Place } from "./types";

/** Types that hold what cannot be made anew, whatever the program says of them: a password that is lost is a database that is lost. */
const STATEFUL_TYPES = new Set([
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "kubernetes:core/v1:Namespace",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    "random:index/randomBytes:RandomBytes",
    "random:index/randomPassword:RandomPassword",
]);
const VOLUME_TYPES = new Set(["docker:index/volume:Volume", "kubernetes:core/v1:PersistentVolumeClaim"]);

/** In the order in which a reader wants them. */
const KINDS: readonly ChangeKind[] = ["delete", "replace", "unprotect", "update", "create"];

interface Found {
    kind: ChangeKind;
    name: string;
    type: string;
    stateful: boolean;
    lines: string[];
    place: Place;
}

export interface PlannedStack extends StackName, Plan {
    only?: "head";
    /** Names of the volumes that keep nothing, at either revision. */
    temporaryVolumes: string[];
}

/** @param stack planned at both revisions, or at the head alone */
export function comparedStack({ stack, system, environment, only, steps }: PlannedStack): ComparedStack {
    const counts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
    for (const step of steps) if (isResource(step) && step.op in counts) counts[step.op as keyof typeof counts]++;
    return { stack, system, environment, counts, ...(only && { only }) };
}

/** The changes of all stacks, each change once. */
export function changesOf(stacks: PlannedStack[]): Change[] {
    const folded = new Map<string, Change>();
    for (const stack of stacks) {
        for (const { place, ...found } of changesIn(stack)) {
            const anywhere = {
                ...found,
                name: withoutStack(found.name, stack.stack),
                lines: found.lines.map((line) => withoutStack(line, stack.stack)),
            };
            const key = JSON.stringify(anywhere);
            const known = folded.get(key);
            if (known) Object.assign(known, anywhere, { places: [...known.places, place] });
            else folded.set(key, { ...found, places: [place] });
        }
    }
    return [...folded.values()].sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name));
}

function rank({ kind, stateful }: Change): number {
    return KINDS.indexOf(kind) + (stateful && endangers(kind) ? 0 : KINDS.length);
}

/** Whether it is the end of what a resource holds, now or later. */
export function endangers(kind: ChangeKind): boolean {
    return kind === "delete" || kind === "replace" || kind === "unprotect";
}

function changesIn(stack: PlannedStack): Found[] {
    const protectsVolumes = [...stack.before.values()].some(
        ({ protect, type }) => protect === true && VOLUME_TYPES.has(type),
    );
    return stack.steps.filter(isResource).flatMap((step) => {
        const before = stack.before.get(step.oldState?.urn ?? step.urn);
        const { name, shortType: type } = parseUrn(step.urn);
        const stateful = isStateful(step, before, stack.temporaryVolumes, protectsVolumes);
        const found = (kind: ChangeKind, lines: string[], refused = false): Found => ({
            kind,
            name,
            type,
            stateful,
            lines,
            place: { stack: stack.stack, refused, kept: endangers(kind) && before?.retainOnDelete === true },
        });
        const isProtected = before?.protect === true;
        const stays = step.newState?.protect === true;
        const freed = isProtected && !stays && step.op !== "delete" ? [found("unprotect", [])] : [];
        switch (step.op) {
            case "delete":
                return [found("delete", [], isProtected)];
            case "replace":
                return [found("replace", changedLines(step), isProtected && stays), ...freed];
            case "update":
                return [found("update", changedLines(step)), ...freed];
            case "create":
                return [found("create", madeLines(step))];
            default:
                return freed;
        }
    });
}

/** What groups others is nothing by itself. */
function isResource(step: PreviewStep): boolean {
    return (step.newState ?? step.oldState)?.custom === true;
}

function isStateful(
    step: PreviewStep,
    before: ResourceState | undefined,
    temporaryVolumes: string[],
    protectsVolumes: boolean,
): boolean {
    const { type, name } = parseUrn(step.urn);
    if (before?.protect === true || step.newState?.protect === true || STATEFUL_TYPES.has(type)) return true;
    // Where the program protects volumes, it has said which of them hold data.
    if (protectsVolumes) return false;
    if (!VOLUME_TYPES.has(type) || temporaryVolumes.some((each) => name === each || name.endsWith(`-${each}`)))
        return false;
    return !isMadeOfFiles(step.oldState ?? step.newState);
}

/** A volume on Docker that holds a workload's files, which come with every container. */
function isMadeOfFiles(state: ResourceState | undefined): boolean {
    const labels = state?.inputs?.["labels"];
    const isFiles = (each: unknown): boolean => {
        const { label, value } = each as { label?: unknown; value?: unknown };
        return label === `${LABEL_PREFIX}component` && value === "files";
    };
    return Array.isArray(labels) && labels.some(isFiles);
}
