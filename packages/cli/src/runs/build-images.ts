import { duration } from "../ui/text";
import type { Output } from "../ui/output";
import { localKeys, type Prepared } from "./prepare";
import { quietly } from "./watch";

/** Builds the stand-ins that the stack needs and this Docker engine has not. */
export async function buildImages(prepared: Prepared, output: Output): Promise<void> {
    const keys = localKeys(prepared);
    if (keys.length === 0 || prepared.session.config.target !== "docker") return;
    const [{ docker }, { buildLocalImages }] = await Promise.all([prepared.docker(), import("../images/build.js")]);
    const report = await quietly(output, ({ signal }) =>
        buildLocalImages(keys, { docker, signal, log: (line) => output.progress(output.style.dim(line)) }),
    );
    if (report.built.length > 0) {
        output.progress(
            `Images: ${report.built.length} built in ${duration(report.seconds)}; the next run finds them.`,
        );
    }
}
