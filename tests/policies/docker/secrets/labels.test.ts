import rule from "../../../../policies/docker/secrets/labels";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { none: container({ labels: undefined }), "a name": container() },
    bad: {
        token: [container({ labels: [{ label: "api-token", value: "hunter2" }] }), "labels[0].value"],
        "by its looks": [container({ labels: [{ label: "x", value: "https://a:hunter2@b" }] }), "labels[0].value"],
    },
    edge: {
        "an empty value": [container({ labels: [{ label: "api-token", value: "" }] })],
        "labels that are a map": [container({ labels: { a: "b" } }), "labels"],
    },
    unknown: { value: [container({ labels: [{ label: "api-token", value: UNKNOWN }] }), "labels[0].value"] },
});
