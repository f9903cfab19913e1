/** Dockerfiles as rules look at them: stages, each with its instructions. */
import { asMap, flagAt, listAt, numberAt, placed, type Raw, textAt } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Resource } from "../../core/resource";
import { type Report, ruleFor, type Unit } from "../../core/rule";

export const DOCKERFILE = "groundwork:policies:Dockerfile";

export interface Stage {
    readonly path: string;
    /** `image` it is from; or `parent`, the number of an earlier stage; neither: from nothing. */
    readonly stage: Raw;
}

export interface Dockerfile extends Unit {
    readonly resource: Resource;
}

/** Looks at every Dockerfile. */
export const dockerfileRule = ruleFor<Dockerfile>({
    scope: "resource",
    applies: (type) => type === DOCKERFILE,
    units: (resource) => ({ units: [{ path: "", resource }], unknown: [], malformed: [] }),
});

export const stagesOf = remember((resource: Resource): readonly Stage[] =>
    listAt(resource.props, "stages").map((item, n) => {
        const path = `stages[${n}]`;
        return { path, stage: placed(asMap(item, path), path) };
    }),
);

export interface Instruction {
    readonly path: string;
    /** In capitals: RUN. */
    readonly keyword: string;
    /** Its arguments on one line. */
    readonly text: string;
    readonly raw: Raw;
}

function instructionsOf({ path, stage }: Stage): Instruction[] {
    return listAt(stage, "instructions").map((item, n) => {
        const at = `${path}.instructions[${n}]`;
        const raw = placed(asMap(item, at), at);
        return { path: at, keyword: textAt(raw, "keyword") ?? "", text: textAt(raw, "text") ?? "", raw };
    });
}

/** Calls for each instruction of some kind, in every stage. */
export function eachInstruction(
    { resource }: Dockerfile,
    report: Report,
    keywords: readonly string[],
    check: (instruction: Instruction) => void,
): void {
    for (const stage of stagesOf(resource)) {
        for (const instruction of instructionsOf(stage)) {
            if (keywords.includes(instruction.keyword)) report.attempt(() => check(instruction));
        }
    }
}

/** The stages that the image is made of, the last first: each from the one after it. */
export function finalStages(resource: Resource): Stage[] {
    const stages = stagesOf(resource);
    const found: Stage[] = [];
    for (let at: number | undefined = stages.length - 1; at !== undefined && at >= 0;) {
        const stage: Stage | undefined = stages[at];
        if (!stage || found.includes(stage)) break;
        found.push(stage);
        at = numberAt(stage.stage, "parent");
    }
    return found;
}

/** The last instruction of a kind that counts for the image. */
export function finalInstruction(resource: Resource, keyword: string): Instruction | undefined {
    for (const stage of finalStages(resource)) {
        const found = instructionsOf(stage).findLast(
            // What is for images that are built from this one does nothing for this one.
            (instruction) => instruction.keyword === keyword && !flagAt(instruction.raw, "onbuild"),
        );
        if (found) return found;
    }
    return undefined;
}
