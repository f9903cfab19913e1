import type { DockerResource } from "../resource";
import { checkContainer } from "./check";
import { createContainer } from "./create";
import { inspectContainer } from "./inspect";
import { importedInputs, outputsOf, refreshedInputs } from "./outputs";
import { properties } from "./properties";
import { recoverContainer } from "./recover";
import { stopAndRemove } from "./remove";
import { updateContainer } from "./update";

/** `docker:index/container:Container` */
export const container: DockerResource = {
    fields: properties,
    autoname: true,
    schemaVersion: "2",
    // Two containers cannot share a name, a port or the data of one store.
    deleteBeforeReplace: () => true,
    check: checkContainer,
    create: createContainer,
    update: updateContainer,

    async read(connection, _ctx, id, olds) {
        const info = await inspectContainer(connection, id);
        if (!info) return undefined;
        if (!olds) return { inputs: importedInputs(info), outputs: outputsOf(info, importedInputs(info)) };
        // What Docker does not tell is as it was, also what a stopped container was to be before it stopped.
        const outputs = outputsOf(info, { ...olds.outputs, ...olds.inputs }, logsOf(olds.outputs));
        return { inputs: refreshedInputs(olds, outputs), outputs };
    },

    async delete(connection, ctx, id, olds) {
        await stopAndRemove(connection, id, olds.outputs, ctx.signal);
    },

    async recover(connection, ctx, inputs) {
        await recoverContainer(connection, ctx, inputs);
        return undefined;
    },
};

function logsOf(outputs: Record<string, unknown>): string | undefined {
    return typeof outputs.containerLogs === "string" ? outputs.containerLogs : undefined;
}
