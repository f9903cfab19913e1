/** A Postgres of a newer major version than the tree's, with pgvector: what a stack is upgraded to. */
import { createHash } from "node:crypto";

import recipe from "../../../../images/base/recipe.json";
import { localImageRef } from "../../../../images/local";
import { readAptSetup, sourcesFor } from "../../../../packages/cli/src/images/apt";
import { run, succeeds } from "../cluster/shell";

/** Debian's next release, whatever its name. */
const SUITE = "testing";

const LATEST = "/usr/lib/postgresql/latest";

const DOCKERFILE = [
    `FROM ${localImageRef("postgres-pgvector")}`,
    "ARG APT_SOURCES",
    "ARG APT_CONF",
    // The metapackage brings the release's own major version, which is known no sooner.
    "RUN apt-install postgresql \\",
    '    && major=$(ls /usr/lib/postgresql | sort -n | tail -n 1) && [ "$major" -gt "$PG_MAJOR" ] \\',
    `    && apt-install "postgresql-$major-pgvector" && ln -s "$major" ${LATEST} \\`,
    // Locales are of one version of the C library, which came along.
    "    && localedef --inputfile=en_US --charmap=UTF-8 en_US.UTF-8",
    `ENV PATH=${LATEST}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
].join("\n");

/** Built once. @returns its reference */
export async function newerPostgres(): Promise<string> {
    const digest = createHash("sha256").update(DOCKERFILE).digest("hex").slice(0, 12);
    const ref = `groundwork.test/postgresql:newer-${digest}`;
    if (await succeeds("docker", ["image", "inspect", ref])) return ref;
    const apt = await readAptSetup();
    const values = { ...apt.proxies, APT_CONF: apt.conf, APT_SOURCES: sourcesFor(apt, SUITE, recipe.components) };
    const args = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    await run("docker", ["build", "--quiet", "--network", "host", ...args, "--tag", ref, "-"], { input: DOCKERFILE });
    return ref;
}
