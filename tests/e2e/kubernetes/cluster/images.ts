/** Images: the cluster's own, made of what was built, and the way from Docker's store into containerd's. */
import { createHash } from "node:crypto";
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { LOCAL_PREFIX } from "../../../../images/local";
import { PATHS } from "./layout";
import { extractBusybox } from "./packages";
import { CTR, ctr } from "./runtime";
import { ClusterUnavailableError, pipe, run, succeeds } from "./shell";

const PAUSE_SOURCE = join(__dirname, "pause", "pause.c");

/** What the image of the addons and the tests' pods has beside the programs. */
const TOOLS = {
    changes: ["ENV PATH=/bin", 'CMD ["sh"]'],
    files: {
        "etc/passwd": "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
        "etc/group": "root:x:0:\nnogroup:x:65534:\n",
        // Without it a static program asks for libraries that are not there, and crashes.
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    },
};

export interface OwnImages {
    pause: string;
    /** coredns, metrics-server, local-path-provisioner and busybox. */
    tools: string;
}

/**
 * Builds the cluster's own images on the Docker engine, where they are not there yet.
 * @param addons Folder of the addons' programs, named by what they were built from.
 */
export async function ensureOwnImages(addons: string): Promise<OwnImages> {
    if (!(await succeeds("docker", ["info"]))) {
        throw new ClusterUnavailableError("no Docker engine answers, which images are built with: run make engine");
    }
    const source = createHash("sha256").update(readFileSync(PAUSE_SOURCE));
    const images = {
        pause: `${LOCAL_PREFIX}cluster-pause:${source.digest("hex").slice(0, 12)}`,
        tools: `${LOCAL_PREFIX}cluster-tools:${contentTag(addons)}`,
    };
    await ensureImage(images.pause, ['ENTRYPOINT ["/pause"]', "USER 65535:65535"], (root) =>
        run("gcc", ["-Os", "-static", "-s", "-Wall", "-Werror", "-o", join(root, "pause"), PAUSE_SOURCE]),
    );
    await ensureImage(images.tools, TOOLS.changes, async (root) => {
        for (const directory of ["bin", "etc", "tmp"]) mkdirSync(join(root, directory));
        chmodSync(join(root, "tmp"), 0o1777);
        for (const [file, text] of Object.entries(TOOLS.files)) writeFileSync(join(root, file), text);
        for (const program of readdirSync(addons)) copyFileSync(join(addons, program), join(root, "bin", program));
        const busybox = join(root, "bin", "busybox");
        await extractBusybox(busybox);
        const applets = (await run(busybox, ["--list"]))
            .split("\n")
            .filter((name) => name !== "" && name !== "busybox");
        for (const applet of applets) symlinkSync("busybox", join(root, "bin", applet));
    });
    return images;
}

/**
 * Copies images from the Docker engine into the cluster's containerd, but for those that are there.
 * @throws Error naming the image that the engine does not have
 */
export async function loadIntoContainerd(refs: string[]): Promise<void> {
    const present = new Set((await ctr("images", "list", "--quiet")).split("\n"));
    const loaded = readLoaded();
    const missing: string[] = [];
    for (const ref of new Set(refs)) {
        const id = (await run("docker", ["image", "inspect", "--format", "{{.Id}}", ref])).trim();
        // A tag may have moved since.
        if (!present.has(canonical(ref)) || loaded[ref] !== id) missing.push(ref);
        loaded[ref] = id;
    }
    if (missing.length === 0) return;
    await pipe(["docker", "save", ...missing], [...CTR, "images", "import", "-"]);
    writeFileSync(PATHS.images, JSON.stringify(loaded));
}

/** Loads the cluster's own images, and removes those of earlier versions of this harness. */
export async function loadOwnImages(images: OwnImages): Promise<void> {
    const refs = Object.values(images) as string[];
    await loadIntoContainerd(refs);
    const present = (await ctr("images", "list", "--quiet")).split("\n");
    const old = present.filter((ref) => ref.startsWith(`${LOCAL_PREFIX}cluster-`) && !refs.includes(ref));
    if (old.length > 0) await ctr("images", "remove", ...old);
}

/** An image of a folder that `fill` puts together. */
async function ensureImage(ref: string, changes: string[], fill: (root: string) => Promise<unknown>): Promise<void> {
    if (await succeeds("docker", ["image", "inspect", ref])) return;
    const root = mkdtempSync(join(tmpdir(), "groundwork-image-"));
    try {
        await fill(root);
        const options = changes.flatMap((change) => ["--change", change]);
        const pack: [string, ...string[]] = [
            "tar",
            "--create",
            "--owner=0",
            "--group=0",
            "--mode=a+rX",
            "-C",
            root,
            ".",
        ];
        await pipe(pack, ["docker", "import", ...options, "-", ref]);
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

function contentTag(addons: string): string {
    return createHash("sha256")
        .update(JSON.stringify([basename(addons), TOOLS]))
        .digest("hex")
        .slice(0, 12);
}

/** As containerd writes it: with a registry and a tag. */
function canonical(ref: string): string {
    const [first, ...rest] = ref.split("/");
    const registry = rest.length > 0 && /[.:]|^localhost$/.test(first!);
    const named = registry ? ref : rest.length > 0 ? `docker.io/${ref}` : `docker.io/library/${ref}`;
    return /[:@][^/]*$/.test(named) ? named : `${named}:latest`;
}

function readLoaded(): Record<string, string> {
    if (!existsSync(PATHS.images)) return {};
    return JSON.parse(readFileSync(PATHS.images, "utf8")) as Record<string, string>;
}
