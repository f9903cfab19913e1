/** Where the toolbox has servers of Postgres. */

/** Debian's place; a folder for each major version. */
export const INSTALLED = "/usr/lib/postgresql";

/** Path of the server's program, if it is there. */
export function serverOf(major: string | number): string {
    return `${INSTALLED}/${major}/bin/postgres`;
}
