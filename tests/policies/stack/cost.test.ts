import rule from "../../../policies/stack/cost";
import { aws } from "../support/aws";
import { specify, UNKNOWN } from "../support/spec";
import { deployment, inFile, object, running } from "../support/whole-stack";

/** A processor for a month is 29.55 dollars, a GiB of memory 3.24, a load balancer 16.43. */
const upTo = (dollars: number) => ({ settings: { dollars } });
const CLAIM = object("core/v1:PersistentVolumeClaim", { resources: { requests: { storage: "100Gi" } } });

specify(rule, {
    good: { little: [running({ cpus: "1", memory: 1024 }), CLAIM] },
    bad: {
        processors: { judged: deployment(10, { cpu: "1" }), wrong: [""], with: upTo(295) },
        memory: { judged: deployment(10, { memory: "1Gi" }), wrong: [""], with: upTo(32) },
        storage: { judged: CLAIM, wrong: [""], with: upTo(7.99) },
        "a load balancer": {
            judged: object("core/v1:Service", { type: "LoadBalancer" }),
            wrong: [""],
            with: upTo(16.42),
        },
        keys: { judged: [aws("kms/key:Key", {}), aws("kms/key:Key", {}, "b")], wrong: ["stack"], with: upTo(1) },
    },
    edge: {
        "just as much": { judged: deployment(10, { cpu: "1" }), with: upTo(296) },
        "claims of each replica": {
            judged: object("apps/v1:StatefulSet", {
                replicas: 3,
                volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "100Gi" } } } }],
            }),
            wrong: [""],
            with: upTo(23.99),
        },
        "files are no stack": { judged: inFile(CLAIM), with: upTo(0) },
    },
    unknown: { replicas: [deployment(UNKNOWN, { cpu: "1" }), "spec.replicas"] },
});
