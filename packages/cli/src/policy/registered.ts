/** What a program registers as rules look at it, each resource with the line of the program that made it. */
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";

import type { RegisteredResource } from "@groundwork/engine/api";
import type { Raw } from "@groundwork/policies/core/raw";
import type { Location, Resource } from "@groundwork/policies/core/resource";
import { fromPulumi } from "@groundwork/policies/sources/pulumi";

import type { Project } from "../project";
import type { StackName } from "../report/stacks";
import { resolveStack } from "../stack/resolve";

/**
 * @param projectDir whose sources count: a line of a package is nobody's to change
 * @param root what files are named from
 */
export function asJudged(
    registered: readonly RegisteredResource[],
    projectDir: string,
    root = process.cwd(),
): Resource[] {
    return registered.map(({ type, name, urn, inputs, outputs, madeAt, ...options }) => {
        const { parent, protect, ignoreChanges, propertyDependencies } = options;
        const judged = fromPulumi({
            type,
            name,
            urn,
            props: (outputs ?? inputs) as Raw,
            opts: { parent, protect, ignoreChanges },
            propertyDependencies,
        });
        const location = placeIn(projectDir, madeAt, root);
        return { ...judged, locate: () => location };
    });
}

/** The innermost line that is the project's own. */
function placeIn(projectDir: string, madeAt: RegisteredResource["madeAt"], root: string): Location | undefined {
    const own = madeAt.find(({ file }) => {
        const path = relative(projectDir, file);
        return !path.startsWith("..") && !path.split(sep).includes("node_modules");
    });
    return own && { file: shownPath(own.file, root), line: own.line };
}

/** For what no line made, such as a stack as a whole: the file with its system's data, else the stack's own. */
export function fallbackPlace(project: Project, { stack, system }: StackName): Location {
    const data = system && join(project.dir, "systems", `${system}.ts`);
    const file = data !== undefined && existsSync(data) ? data : resolveStack(project, { stack }).file;
    return { file: shownPath(file), line: 1 };
}

function shownPath(file: string, root = process.cwd()): string {
    const path = relative(root, file);
    return path.startsWith("..") ? file : path;
}
