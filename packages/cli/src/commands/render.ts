import { resolve } from "node:path";

import { EXIT, UsageError } from "../errors";
import type { RunOptions } from "../options";
import { writeManifests } from "../render/files";
import { type Manifests, manifestsOf } from "../render/manifests";
import { generatedSecrets, renderedResources } from "../render/resources";
import { openSession, openState } from "../session";
import type { Output } from "../ui/output";
import { plural } from "../ui/text";
import { placeOf } from "../runtime/deployed";
import { prepare, type Prepared } from "../runs/prepare";
import { quietly } from "../runs/watch";

export interface RenderOptions extends RunOptions {
    out: string;
    withSecrets?: boolean;
}

/** Readable by everybody, as sources are; by their owner alone when there are secrets in them. */
const MODES = { plain: 0o644, secret: 0o600 };

/** Writes what a stack is on Kubernetes as plain YAML, one file an object. Deploys nothing and asks no cluster. */
export async function render(options: RenderOptions, output: Output): Promise<number> {
    const opened = await openSession(options, output);
    // Before images are decided on, for which a stack on Docker asks its engine.
    if (placeOf(opened, options.target).target !== "kubernetes") {
        throw new UsageError(
            `Stack ${opened.stack.name} runs on Docker, which has no manifests.`,
            "Say --target kubernetes to see what it would be there.",
        );
    }
    const prepared = await prepare(options, output);
    const { stack } = prepared.session;
    const { objects, unfilled } = await manifests(prepared, options, output);
    const dir = resolve(options.out);
    const withSecrets = options.withSecrets === true;
    const { files, removed } = writeManifests(dir, objects, unfilled, withSecrets ? MODES.secret : MODES.plain);
    if (output.json) {
        output.printJson({ stack: stack.name, directory: dir, files, removed, unfilled });
        return EXIT.done;
    }
    const { style } = output;
    const gone = removed.length > 0 ? `, ${plural(removed.length, "file")} of an earlier rendering removed` : "";
    output.print(
        `${style.green("✓")} ${style.bold(stack.name)}: ${plural(objects.length, "object")} in ${dir}${gone}.`,
    );
    if (unfilled.length > 0) {
        const names = unfilled.map(({ name }) => name).join(", ");
        output.print(`Secrets without values: ${names}. SECRETS.md there says which keys to fill in.`);
    }
    if (withSecrets)
        output.print(style.yellow("Secrets are in these files in plaintext: keep them out of version control."));
    return EXIT.done;
}

function manifests({ session }: Prepared, options: RenderOptions, output: Output): Promise<Manifests> {
    const { withSecrets = false, parallel, policyPack = [] } = options;
    return quietly(
        output,
        async (run) => {
            const secrets = withSecrets
                ? generatedSecrets(await (await openState(session)).exportState({ showSecrets: true }))
                : undefined;
            const resources = await renderedResources(session, { secrets, parallel, policyPacks: policyPack }, run);
            return manifestsOf(resources, { withSecrets, given: givenSecrets(session) });
        },
        "rendering",
    );
}

/** Values that the stack's file gives. */
function givenSecrets({ engineConfig }: Prepared["session"]): string[] {
    const text = engineConfig["groundwork:secrets"]?.value ?? "{}";
    return Object.values(JSON.parse(text) as Record<string, string>).filter((value) => value !== "");
}
