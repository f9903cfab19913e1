/** What decides on a bundle: the first source, the cache's name, and the file that starts it. */
export interface Of {
    entry: string;
    name: string;
    launcher: string;
}

export interface Bundle {
    /** Where it is, or would be: a cache that cannot be written is done without. */
    bundle: string;
    code: string;
}

/** The bundle of the sources as they are, if it has been made. */
export function cached(of: Of): Bundle | undefined;
/** @throws Error with `errors` when the sources are wrong, without when esbuild does not run here */
export function build(of: Of): Promise<Bundle>;
