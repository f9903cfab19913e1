/** Manifests as files of a directory. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Document } from "yaml";

import { UsageError } from "../errors";
import { makeDirectory, writeWhole } from "../files";
import { type Manifest, fileName, type UnfilledSecret } from "./manifests";

/** By which a file is known as one of ours, which may be replaced and removed. */
const HEAD = "# Rendered by gw render. Change the stack instead of this file.";

/** No manifest: kubectl and the GitOps controllers read none that ends so. */
const SECRETS_PAGE = "SECRETS.md";
const PAGE_HEAD = "<!-- Rendered by gw render. -->";

export interface Written {
    files: string[];
    removed: string[];
}

/**
 * Writes each object into a file, and removes those of an earlier rendering that are not among them. Other files stay.
 * @param mode of the files: 0600 where there are secrets in them
 * @throws UsageError when a file that is not ours would be written over
 */
export function writeManifests(dir: string, objects: Manifest[], unfilled: UnfilledSecret[], mode: number): Written {
    const texts = new Map(objects.map((object) => [fileName(object), textOf(object)]));
    if (texts.size < objects.length) throw new Error("Two objects have the same kind and name, in two namespaces.");
    if (unfilled.length > 0) texts.set(SECRETS_PAGE, secretsPage(unfilled));
    const before = existsSync(dir) ? readdirSync(dir).sort() : [];
    const foreign = before.filter((file) => texts.has(file) && !isOurs(join(dir, file)));
    if (foreign.length > 0) {
        throw new UsageError(
            `--out: ${foreign.map((file) => join(dir, file)).join(", ")} would be written over, and was not rendered by gw. Nothing was written.`,
            "Choose another directory, or move them away.",
        );
    }
    makeDirectory(dir);
    const removed = before.filter(
        (file) => !texts.has(file) && /\.yaml$|^SECRETS\.md$/.test(file) && isOurs(join(dir, file)),
    );
    for (const file of removed) rmSync(join(dir, file));
    for (const [file, text] of texts) {
        // Made anew, so that the mode is that of this rendering.
        rmSync(join(dir, file), { force: true });
        writeWhole(join(dir, file), text, { mode });
    }
    return { files: [...texts.keys()], removed };
}

/**
 * In the YAML that kubectl reads, 1.1: there `yes` without quotes is a boolean. Texts of several lines are blocks, which diff line by line.
 */
export function textOf(object: Manifest): string {
    const document = new Document(object, { version: "1.1", aliasDuplicateObjects: false });
    return `${HEAD}\n${document.toString({ lineWidth: 0, directives: false })}`;
}

function isOurs(path: string): boolean {
    const [first] = readFileSync(path, "utf8").split("\n");
    return first === HEAD || first === PAGE_HEAD;
}

/** Which keys somebody has to fill in, what they are made of, and how. */
function secretsPage(unfilled: UnfilledSecret[]): string {
    const { name: example, namespace } = unfilled[0]!;
    const all = unfilled.flatMap(({ name, keys }) =>
        Object.entries(keys).map(([key, value]) => ({ name, key, value })),
    );
    const files = all.filter(({ value }) => value?.trim().includes("\n"));
    const cell = (value: string | undefined): string =>
        value === undefined ? "yours" : value.trim().includes("\n") ? "below" : `\`${value.trim()}\``;
    return [
        PAGE_HEAD,
        "",
        "# Secrets to fill in",
        "",
        `These Secrets of the namespace \`${namespace}\` are rendered without values, and pods that use them wait until they have them. Applying the manifests again leaves values as they are. Fill them with External Secrets (\`creationPolicy: Merge\`), Sealed Secrets (\`sealedsecrets.bitnami.com/patch\`), or by hand from a directory with one file for each key:`,
        "",
        "```bash",
        `kubectl -n ${namespace} create secret generic ${example} --from-file=<directory> --dry-run=client -o yaml |`,
        "  kubectl apply --server-side --field-manager=secrets -f -",
        "```",
        "",
        "`__NAME__` stands for one secret wherever it is. Pods read a changed value when they are started anew: `kubectl rollout restart`.",
        "",
        "| Secret | Key | Value |",
        "| --- | --- | --- |",
        ...all.map(({ name, key, value }) => `| ${name} | \`${key}\` | ${cell(value)} |`),
        "",
        ...files.flatMap(({ name, key, value }) => [`## ${name}: ${key}`, "", "```text", value!.trimEnd(), "```", ""]),
    ].join("\n");
}
