import { flagAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachHostMount } from "../containers";
import { ENGINE_SOCKET } from "./engine-socket";

/** With everything in them. */
const SENSITIVE = [
    ...[
        "/boot",
        "/dev",
        "/etc",
        "/lib",
        "/lib64",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/bin",
        "/sys",
        "/usr",
        "/var/run",
    ],
    // What the host's own services keep.
    ...["/var/lib", "/var/spool/cron"],
];
/** What holds the former. */
const AROUND = ["/", "/var", "/var/spool", "/home"];
/** Which nobody minds that a container reads. */
const READABLE = [
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl/certs",
    "/usr/share/zoneinfo",
    "/usr/share/ca-certificates",
];

export default dockerRule({
    id: "GW-DOC-021",
    slug: "host-directories",
    title: "Docker containers do not see the directories that make up their host",
    why: "Who writes to /etc, /usr, /boot or the engine's own directories has the host at its next start or sooner; who reads them has its keys.",
    remedy: "Mount a named volume, or the one directory that is meant.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("5.6"), ...soc2("CC6.1")],
    check({ raw }, report) {
        eachHostMount(raw, report, ({ path, key, source, raw: mount }) => {
            // Which has a rule of its own.
            if (ENGINE_SOCKET.test(source)) return;
            if (within(source, READABLE) && flagAt(mount, "readOnly")) return;
            if (AROUND.includes(source) || within(source, SENSITIVE)) {
                report(`${path}.${key}`, `must not be ${source}, which belongs to the host`);
            }
        });
    },
});

function within(source: string, directories: readonly string[]): boolean {
    return directories.some((directory) => source === directory || source.startsWith(`${directory}/`));
}
