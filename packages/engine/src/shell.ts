/** Commands that messages tell users to run. */

/** A word of such a command, in quotes where a shell would read more than one. */
export function shellWord(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
