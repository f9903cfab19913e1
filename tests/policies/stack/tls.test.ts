import rule from "../../../policies/stack/tls";
import { specify, UNKNOWN } from "../support/spec";
import { platform, running } from "../support/whole-stack";

const tls = (edge: unknown, stores: unknown = {}) => platform([], { tls: { edge, stores } });

specify(rule, {
    good: {
        "a certificate of a public authority": tls("acme"),
        "one that was given": tls("certificate", { postgres: true }),
        "something of the cluster's ends it": tls("fronted"),
        "no stack of Groundwork's": running({}),
    },
    bad: {
        "one that only this edge vouches for": [tls("internal"), "tls.edge"],
        "a database outside in the clear": [tls("acme", { postgres: false, redis: true }), "tls.stores.postgres"],
        both: [tls("internal", { redis: false }), "tls.edge", "tls.stores.redis"],
        "it does not say": [platform([], { tls: undefined }), "tls.edge"],
    },
    edge: {
        "no word on a store's": [tls("acme", { redis: "yes" }), "tls.stores.redis"],
    },
    unknown: {
        "where its certificate comes from is not known, and a store's is": {
            judged: tls(UNKNOWN, { postgres: false }),
            wrong: ["tls.stores.postgres"],
            unknown: ["tls.edge"],
        },
    },
});
