import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/**
 * Paths of everything below a folder, relative to it. A link is one entry, whatever it leads to: without the types `readdir` goes through
 * links to folders, and through one that leads back as often as the system lets it.
 */
export async function walk(directory: string): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.map(({ parentPath, name }) => relative(directory, join(parentPath, name)));
}
