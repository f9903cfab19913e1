import rule from "../../../../policies/docker/namespaces/host-ipc";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "says nothing": container({ ipcMode: undefined }), another: container({ ipcMode: "shareable" }) },
    bad: { host: [container({ ipcMode: "host" }), "ipcMode"] },
    edge: {
        "a list is no mode": [container({ ipcMode: ["host"] }), "ipcMode"],
        "null is absent": [container({ ipcMode: null })],
    },
    unknown: { mode: [container({ ipcMode: UNKNOWN }), "ipcMode"] },
});
