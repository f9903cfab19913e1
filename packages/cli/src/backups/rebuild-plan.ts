/** What a rebuild would bring back, of what, and with which secrets: plain functions from data to data. */
import type { Manifest } from "@groundwork/backup/src/manifest";

import { secretSources } from "../../../../components/settings/secrets";
import { scheduledBackups } from "../../../../systems/backup";
import { UsageError } from "../errors";
import type { ConfiguredSession } from "../session";
import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { plural, size } from "../ui/text";
import { bytesOf, countsOf } from "./plan";

/** All that the stack backs up but what is left out. @throws UsageError for a store that it has not */
export function wantedStores({ system }: Pick<ConfiguredSession, "system">, without: string[]): string[] {
    const stores = scheduledBackups(system).map(({ store }) => store);
    const unknown = without.filter((store) => !stores.includes(store));
    if (unknown.length > 0)
        throw new UsageError(
            `--without ${unknown.join(", ")}: there is no such store.`,
            `It backs up ${stores.join(", ")}.`,
        );
    return stores.filter((store) => !without.includes(store));
}

export interface Planned {
    store: string;
    backup: Manifest;
}

/** Of Postgres; other stores have one method each. The first brings back most. */
const METHODS = ["physical", "logical"];

/** What brings back most of each store. @param method of Postgres: the one that is wanted @throws UsageError when one has no backup */
export function planned(
    stores: string[],
    backups: Manifest[],
    { flag, method }: { flag: string; method?: string },
): Planned[] {
    const found = stores.map((store) => {
        const own = backups.filter((backup) => backup.store === store);
        const wanted = own.find((backup) => backup.method === (method ?? METHODS[0]));
        const other = own[0];
        if (method !== undefined && wanted === undefined && other !== undefined && METHODS.includes(other.method))
            throw new UsageError(
                `The bucket has no ${method} backup of ${store}.`,
                `The newest is the ${other.method} one of ${other.pointAt}: "gw rebuild${flag}" without --method has it.`,
            );
        return { store, backup: wanted ?? other };
    });
    const missing = found.filter(({ backup }) => backup === undefined).map(({ store }) => store);
    if (missing.length === 0) return found as Planned[];
    throw new UsageError(
        `The bucket has no backup of ${missing.join(", ")}.`,
        `"gw rebuild${flag} ${missing.map((store) => `--without ${store}`).join(" ")}" leaves that empty.`,
    );
}

/** Files of Postgres that nobody can open. @param others all that there is, for what could come back in their place */
export function cannotOpen({ store, backup }: Planned, others: Manifest[], flag: string): UsageError {
    const logical = others.find((other) => other.store === store && other.method === "logical");
    return new UsageError(
        `The toolbox has no server of Postgres ${backup.details["major"]}, and the files of ${store} open with that alone.`,
        [
            "Do one of these:",
            "- put that server into the toolbox's image, as docs/production.md says, and set images.overrides.backup to it;",
            ...(logical
                ? [`- have the newest dump, as of ${logical.pointAt}: "gw rebuild${flag} --method logical";`]
                : []),
            `- leave it empty: "gw rebuild${flag} --without ${store}".`,
        ].join("\n"),
    );
}

/** Those that the new stack would draw at random. */
export function drawnSecrets(
    secrets: Record<string, string>,
    { system, config }: Pick<ConfiguredSession, "system" | "config">,
): Record<string, string> {
    const sources = secretSources(system, config);
    return Object.fromEntries(
        Object.entries(secrets).filter(([name]) => ["generated", "placeholder"].includes(sources[name] ?? "")),
    );
}

/** For people. @param secrets how many are taken over */
export function describeRebuild(
    plan: Planned[],
    { stack, secrets }: { stack: string; secrets: number },
    output: Output,
): string[] {
    const { style, columns } = output;
    const titles = [
        { title: "STORE" },
        { title: "FROM" },
        { title: "AS OF" },
        { title: "SIZE", align: "end" as const },
        { title: "HOLDS", min: 12 },
        { title: "RELEASE", optional: true },
    ];
    const rows = plan.map(({ store, backup }) => [
        store,
        backup.id,
        `${backup.pointAt.replace(/\.\d+Z$/, "Z")}${backup.method === "physical" ? ", and its log" : ""}`,
        size(bytesOf(backup)),
        countsOf(backup),
        backup.release,
    ]);
    return [
        style.bold(`Rebuild ${stack}`),
        ...table(titles, rows, { width: columns, style }),
        secrets === 0 ? "" : `${plural(secrets, "secret")} that the stack had made itself go into its file, encrypted.`,
    ].filter((line) => line !== "");
}
