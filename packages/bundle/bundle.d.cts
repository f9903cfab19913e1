/** What decides on a bundle. */
export interface Of {
    /** The first source. */
    entry: string;
    /** Of its cache. */
    name: string;
    /** The file that starts it. */
    launcher: string;
    /** With the packages that it uses in it, which are then not those that others in the process have loaded; default false. */
    whole?: boolean;
    /** Of a whole one: packages, or folders of them, that stay where they are; large ones that few starts need, or of which others need the same. */
    apart?: string[];
    /** Files to take for modules, by their whole names as they are asked for. */
    instead?: Record<string, string>;
}

export interface Bundle {
    /** Where it is, or would be: a cache that cannot be written is done without. */
    bundle: string;
    code: string;
    /** SHA-256 of the code. */
    digest: string;
}

/** The bundle of the sources as they are, if it has been made. */
export function cached(of: Of): Bundle | undefined;
/** @throws Error with `errors` when the sources are wrong, without when esbuild does not run here */
export function build(of: Of): Promise<Bundle>;
/** Runs it. @returns what it exports */
export function loadCompiled(bundle: Bundle): unknown;
