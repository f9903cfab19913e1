/** `gw images`: the stand-ins that are built on this machine. */
import type { Command } from "commander";

import { withStack } from "../options";
import { type Doing, examples } from "./action";

export function addImagesCommands(program: Command, doing: Doing): void {
    const images = program.command("images").description("the stand-ins that are built on this machine");
    withStack(images.command("build"))
        .description("build the stand-ins that the Docker engine has not: of a system, or all")
        .option("--json", "as JSON")
        .addHelpText("after", examples("gw images build", "gw images build --system debt-os"))
        .action(doing(async (options, output) => (await import("../commands/images.js")).build(options, output)));
}
