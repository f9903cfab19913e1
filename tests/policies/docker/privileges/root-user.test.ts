import rule from "../../../../policies/docker/privileges/root-user";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "a number": container(),
        "a name": container({ user: "postgres" }),
        "nothing, which is the image's matter": container({ user: undefined }),
    },
    bad: {
        root: [container({ user: "root" }), "user"],
        "0": [container({ user: "0" }), "user"],
        "with a group": [container({ user: "0:1000" }), "user"],
    },
    edge: {
        "a name that begins so": [container({ user: "rootless" })],
        "a group that is root's": [container({ user: "1000:0" })],
        "a number is no text": [container({ user: 0 }), "user"],
        "several zeros": [container({ user: "00:00" }), "user"],
    },
    unknown: { user: [container({ user: UNKNOWN }), "user"] },
});
