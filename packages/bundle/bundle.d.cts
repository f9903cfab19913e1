/** What decides on a bundle. */
export interface BundleOptions {
    /** The first source. */
    entry: string;
    /** The folder of its cache, under `.groundwork/cache/`. */
    cacheName: string;
    /** The file that starts it: another one makes another bundle. */
    launcher: string;
    /** With the packages that it uses in it, which are then not those that others in the process have loaded; default false. */
    bundlePackages?: boolean;
    /**
     * With `bundlePackages`: packages, or folders of them, that are not bundled all the same; large ones that few starts need, or of which
     * others need the same.
     */
    external?: string[];
    /** Files to take for modules, by the modules' whole names as they are asked for. */
    alias?: Record<string, string>;
}

export interface Bundle {
    /** Where it is, or would be: a cache that cannot be written is done without. */
    bundle: string;
    code: string;
    /** SHA-256 of the code. */
    digest: string;
}

/** The bundle of the sources as they are, if it has been made. */
export function cached(options: BundleOptions): Bundle | undefined;
/** @throws Error with `errors` when the sources are wrong, without when esbuild does not run here */
export function build(options: BundleOptions): Promise<Bundle>;
/** @param error of `build` @returns what is wrong with the sources; undefined when they are not what is wrong */
export function complaints(error: {
    errors?: { text: string; location?: { file: string; line: number } | null }[];
}): string | undefined;
/** Runs it, compiled anew, so that Node maps its stacks where it is told to. @returns what it exports */
export function load(bundle: Bundle): unknown;
/** Runs it by what V8 has compiled before, which is kept beside it. @returns what it exports */
export function loadCompiled(bundle: Bundle): unknown;
