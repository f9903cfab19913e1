import rule from "../../../../policies/docker/mounts/engine-socket";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a volume": container(),
        "a directory": container({ mounts: [{ type: "bind", source: "/srv/docker", target: "/a" }] }),
    },
    bad: {
        mount: [
            container({ mounts: [{ type: "bind", source: "/run/docker.sock", target: "/a" }] }),
            "mounts[0].source",
        ],
        "read-only all the same": [
            container({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/a", readOnly: true }] }),
            "volumes[0].hostPath",
        ],
        "another engine's": [
            container({ mounts: [{ type: "bind", source: "/run/containerd/containerd.sock", target: "/a" }] }),
            "mounts[0].source",
        ],
    },
    edge: {
        "by a roundabout path": [
            container({ mounts: [{ type: "bind", source: "/srv/../run/user/1000/podman.sock/", target: "/a" }] }),
            "mounts[0].source",
        ],
        "in the container only": [
            container({ mounts: [{ type: "volume", source: "proxy", target: "/var/run/docker.sock" }] }),
        ],
        "a mount that is a text": [container({ mounts: ["/run/docker.sock:/a"] }), "mounts[0]"],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({
                mounts: [
                    { type: "bind", source: UNKNOWN, target: "/a" },
                    { type: "bind", source: "/run/docker.sock", target: "/b" },
                ],
            }),
            unknown: ["mounts[0].source"],
            wrong: ["mounts[1].source"],
        },
    },
});
