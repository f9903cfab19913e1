import { EXIT } from "../errors";
import type { RunOptions } from "../options";
import { openEngine } from "../session";
import { changeCount } from "../ui/operations";
import type { Output } from "../ui/output";
import { renderPreview } from "../ui/preview";
import { prepare } from "./prepare";
import { quietly } from "./run";

interface PreviewOptions extends RunOptions {
    diff?: boolean;
    expectNoChanges?: boolean;
}

/** Shows what `up` would do. With `--json`: exactly the digest, the same for both engines. */
export async function preview(options: PreviewOptions, output: Output): Promise<number> {
    const { session, images } = await prepare(options, output);
    const engine = await openEngine(session, options);
    if (images.reason !== undefined) output.note(images.reason);
    const digest = await quietly(output, (run) => engine.preview({}, run), "comparing with what runs");
    if (output.json) output.printJson(digest);
    else {
        const { stack, config } = session;
        const { style } = output;
        output.print(
            style.bold(`Preview of ${stack.name}`) +
                style.dim(` (${config.system}, ${config.environment}, ${config.target}; ${engine.kind} engine)`),
            "",
            ...renderPreview(digest, { diff: options.diff === true, columns: output.columns, style }),
        );
    }
    return options.expectNoChanges === true && changeCount(digest.changeSummary) > 0 ? EXIT.failed : EXIT.done;
}
