import rule from "../../../policies/stack/replicas";
import { specify, UNKNOWN } from "../support/spec";
import { deployment, running, serving } from "../support/whole-stack";

const docker = (changes: Record<string, unknown>) => [serving(changes), running({})];
const AT = "Platform/shop services.api.replicas";

specify(rule, {
    good: {
        two: docker({ replicas: 2 }),
        "one, and why": docker({ replicas: 1, single: "Its files have one writer." }),
    },
    bad: {
        one: [docker({ replicas: 1 }), AT],
        "it does not say": [docker({ replicas: undefined }), AT],
        "a reason that is none": [docker({ replicas: 1, single: "" }), AT],
    },
    edge: {
        "on Kubernetes, where what makes the pods is asked": [[serving({ replicas: 1 }), deployment(1, {})]],
        "a store is no service": [docker({})],
        "a number in quotes": [docker({ replicas: "2" }), AT],
    },
    unknown: {
        "how many is not known yet": [docker({ replicas: UNKNOWN }), AT],
    },
});
