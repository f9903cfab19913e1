import { ALWAYS } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule, eachHostMount } from "../containers";

/** Whoever writes to one starts containers as root. */
export const ENGINE_SOCKET = /\/(?:docker|containerd|crio|podman|buildkitd|dockershim|cri-dockerd)\.sock$/;

export default dockerRule({
    id: "GW-DOC-020",
    slug: "engine-socket",
    title: "Docker containers cannot command the engine",
    why: "Who writes to the engine's socket starts a privileged container and has the host. Mounting it read-only changes nothing: it is not the file that is written to.",
    remedy: "Remove the mount; give what needs a part of the API a proxy that lets only that part through.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisDocker("5.32"), ...soc2("CC6.1")],
    check({ raw }, report) {
        eachHostMount(raw, report, ({ path, key, source }) => {
            if (ENGINE_SOCKET.test(source)) report(`${path}.${key}`, "must not be a container engine's socket");
        });
    },
});
