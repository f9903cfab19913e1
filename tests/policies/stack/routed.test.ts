import rule from "../../../policies/stack/routed";
import { specify, UNKNOWN } from "../support/spec";
import { platform, serving } from "../support/whole-stack";

specify(rule, {
    good: {
        "a route leads to it": serving(),
        "it says why none does": serving({ url: undefined, unrouted: "It takes its work from a queue." }),
        "no stack of Groundwork's": platform([]),
    },
    bad: {
        neither: [serving({ url: undefined }), "services.api"],
        "a reason that is none": [serving({ url: undefined, unrouted: " " }), "services.api"],
    },
    edge: {
        "a store has none": [serving()],
        "what is no service at all": [serving({}, { services: { api: "x" } }), "services.api"],
        "several, each by itself": [
            serving({}, { services: { web: { component: "frontend" }, "work.er": { component: "worker" } } }),
            "services.web",
            'services["work.er"]',
        ],
    },
    unknown: {
        "an address that is not known yet": [serving({ url: UNKNOWN }), "services.api.url"],
        "one service is not known, another has none": {
            judged: serving({}, { services: { api: UNKNOWN, web: { component: "frontend" } } }),
            wrong: ["services.web"],
            unknown: ["services.api"],
        },
    },
});
