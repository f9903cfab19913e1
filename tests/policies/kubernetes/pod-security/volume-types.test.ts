import rule from "../../../../policies/kubernetes/pod-security/volume-types";
import { pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "no volumes": pod(),
        "each type that there is for it": pod({
            volumes: [
                { name: "a", configMap: {} },
                { name: "b", csi: {} },
                { name: "c", downwardAPI: {} },
                { name: "d", emptyDir: {} },
                { name: "e", ephemeral: {} },
                { name: "f", image: {} },
                { name: "g", persistentVolumeClaim: { claimName: "g" } },
                { name: "h", projected: {} },
                { name: "i", secret: {} },
            ],
        }),
    },
    bad: {
        "a server": [pod({ volumes: [{ name: "a", nfs: { server: "b", path: "/" } }] }), "spec.volumes[0].nfs"],
        "a disk": [
            pod({
                volumes: [
                    { name: "a", emptyDir: {} },
                    { name: "b", awsElasticBlockStore: { volumeID: "c" } },
                ],
            }),
            "spec.volumes[1].awsElasticBlockStore",
        ],
    },
    edge: {
        "without a type it is an emptyDir": [pod({ volumes: [{ name: "a" }, { name: "b", nfs: null }] })],
        "a type that nobody knows": [pod({ volumes: [{ name: "a", teleport: {} }] }), "spec.volumes[0].teleport"],
        "a path of the node is another rule's": [pod({ volumes: [{ name: "a", hostPath: { path: "/" } }] })],
    },
    unknown: {
        "a volume": [pod({ volumes: [UNKNOWN] }), "spec.volumes[0]"],
    },
});
