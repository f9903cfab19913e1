/** What `ADD` takes from where. */

interface Source {
    readonly source: string;
    /** An address rather than a file of the build's. */
    readonly remote: boolean;
    /** It says itself which one it is: a commit of a repository. */
    readonly pinned: boolean;
}

const REMOTE = /^(?:https?:\/\/|ftp:\/\/|git@|git:\/\/|ssh:\/\/)/i;
const COMMIT = /#[0-9a-f]{40}(?::|$)/i;

/** @param text its arguments: words, or a list in JSON; the last is where it puts them */
export function addedSources(text: string): Source[] {
    const words = text.replace(/(?:^|\s)--\S+/g, " ").trim();
    const listed = words.startsWith("[")
        ? [...words.matchAll(/"([^"]*)"/g)].map(([, word]) => word!)
        : [...words.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(
              ([word, ...quoted]) => quoted.find((it) => it !== undefined) ?? word,
          );
    return listed
        .slice(0, -1)
        .filter((source) => !source.startsWith("<<"))
        .map((source) => ({ source, remote: REMOTE.test(source), pinned: COMMIT.test(source) }));
}
