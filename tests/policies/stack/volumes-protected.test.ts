import { resource, type Resource } from "../../../policies/core/resource";
import rule from "../../../policies/stack/volumes-protected";
import { specify, UNKNOWN } from "../support/spec";
import { platform } from "../support/whole-stack";

const DATA = platform([{ volume: "db-data" }]);
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

function volume(name: string, protect?: boolean, type = "docker:index/volume:Volume"): Resource {
    const urn = `urn:pulumi:prod::shop::${type}::${name}`;
    return resource({ type, name: `Volume/${name}`, urn, props: {}, options: { protect } });
}

specify(rule, {
    good: {
        "it is": [DATA, volume("shop-db-data", true)],
        "of one that holds no data nothing is asked": [DATA, volume("shop-cache")],
    },
    bad: {
        "on Docker": [[DATA, volume("shop-db-data")], "Volume/shop-db-data"],
        "on Kubernetes": [[DATA, volume("db-data", false, CLAIM)], "Volume/db-data"],
    },
    edge: {
        "another stack's of a longer name": [[DATA, volume("other-shop-db-data")]],
        "what is no volume": [[DATA, volume("db-data", false, "docker:index/container:Container")]],
        "a volume that a controller makes": [DATA],
    },
    unknown: { "its data": [platform(UNKNOWN), "data"] },
});
