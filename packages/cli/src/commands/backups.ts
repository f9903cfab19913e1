import type { Manifest } from "@groundwork/backup/manifest";

import { jsonOf } from "../backups/outcome";
import { bytesOf, countsOf } from "../backups/describe-plan";
import { EXIT } from "../errors";
import type { StackOptions } from "../options";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { size } from "../ui/text";
import { openDeployed, runtimeOf } from "../runtime/deployed";

interface BackupsOptions extends StackOptions {
    store?: string;
    local?: boolean;
}

/** Lists what there is to restore, newest first. */
export async function backups(options: BackupsOptions, output: Output): Promise<number> {
    const session = await openDeployed(options, output);
    const toolbox = await (await runtimeOf(session)).toolbox();
    const args = ["list", "--json", ...(options.local ? ["--local"] : [])];
    const all = jsonOf<Manifest[]>(await toolbox.ask(args, options.store));
    const made = all.filter(({ store }) => options.store === undefined || store === options.store);
    if (output.json) {
        output.printJson(made);
        return EXIT.done;
    }
    const stores = [
        ...new Set([...(await toolbox.stores()).map(({ name }) => name), ...made.map(({ store }) => store)]),
    ]
        .filter((store) => options.store === undefined || store === options.store)
        .sort();
    output.print(
        ...stores.flatMap((store) =>
            render(
                store,
                made.filter((one) => one.store === store),
                output,
            ),
        ),
    );
    return EXIT.done;
}

function render(store: string, made: Manifest[], { style, columns }: Output): string[] {
    if (made.length === 0) return [style.bold(store), style.dim("no backup yet"), ""];
    const titles = [
        { title: "ID" },
        { title: "AS OF" },
        { title: "TIER", optional: true },
        { title: "SIZE", align: "end" as const },
        { title: "HOLDS", min: 12 },
        { title: "VERIFIED", optional: true },
    ];
    const rows = made.map((one) => [
        one.id,
        one.pointAt.replace(/\.\d+Z$/, "Z"),
        one.tier,
        size(bytesOf(one)),
        countsOf(one),
        one.verifiedAt.replace(/\.\d+Z$/, "Z"),
    ]);
    return [style.bold(store), ...table(titles, rows, { width: columns, style }), ""];
}
