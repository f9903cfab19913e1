import rule from "../../../../policies/docker/mounts/host-directories";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a volume": container(),
        "a directory of the application's": container({
            mounts: [{ type: "bind", source: "/srv/shop", target: "/a" }],
        }),
        "the time zone, read": container({
            mounts: [{ type: "bind", source: "/etc/localtime", target: "/etc/localtime", readOnly: true }],
        }),
    },
    bad: {
        "all of it": [
            container({ mounts: [{ type: "bind", source: "/", target: "/host", readOnly: true }] }),
            "mounts[0].source",
        ],
        "a file in it": [
            container({ volumes: [{ hostPath: "/etc/passwd", containerPath: "/a" }] }),
            "volumes[0].hostPath",
        ],
        "what is around it": [
            container({ mounts: [{ type: "bind", source: "/var/lib/", target: "/a" }] }),
            "mounts[0].source",
        ],
        "the time zone, written to": [
            container({ mounts: [{ type: "bind", source: "/etc/localtime", target: "/a" }] }),
            "mounts[0].source",
        ],
    },
    edge: {
        "what a service of the host's keeps": [
            container({ mounts: [{ type: "bind", source: "/var/lib/postgresql", target: "/a" }] }),
            "mounts[0].source",
        ],
        "a path that goes back": [
            container({ mounts: [{ type: "bind", source: "/srv/../etc", target: "/a" }] }),
            "mounts[0].source",
        ],
        "a name that only begins so": [container({ mounts: [{ type: "bind", source: "/etcetera", target: "/a" }] })],
        "an engine's socket, which has a rule of its own": [
            container({ mounts: [{ type: "bind", source: "/run/docker.sock", target: "/a" }] }),
        ],
        "memory of its own": [container({ mounts: [{ type: "tmpfs", source: "/etc", target: "/etc" }] })],
        "mounts that are a map": [container({ mounts: {} }), "mounts"],
    },
    unknown: { source: [container({ mounts: [{ type: "bind", source: UNKNOWN, target: "/a" }] }), "mounts[0].source"] },
});
