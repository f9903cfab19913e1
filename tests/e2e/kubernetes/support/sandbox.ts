import { localImageRef } from "../../../../images/local";
import { systemOf } from "../../../../systems";
import { imageKeys, type SystemKey } from "../../../../systems/types";
import { type EdgeAddress, StackSandbox } from "../../support/sandbox";
import type { Cluster } from "../cluster/cluster";

/** On the tests' cluster, in a namespace of its own, reached at ports of its node. */
export class Sandbox extends StackSandbox {
    readonly edge: EdgeAddress;
    /** What its stack file says of the cluster, for those that say more of it. */
    readonly kubernetes: { edge: object };

    /** @param offset Keeps the node ports of sandboxes that are there at once apart. */
    constructor(
        readonly cluster: Cluster,
        stack: string,
        system: SystemKey,
        offset: number,
    ) {
        const [httpPort, httpsPort] = [31080 + offset, 31443 + offset];
        const kubernetes = { edge: { service: "NodePort", httpNodePort: httpPort, httpsNodePort: httpsPort } };
        super(stack, system, { target: "kubernetes", edge: { httpPort, httpsPort }, kubernetes });
        this.kubernetes = kubernetes;
        this.edge = { address: cluster.nodeAddress, httpsPort };
        this.environment = { KUBECONFIG: cluster.kubeconfig };
    }

    /** Brings the stand-ins of the system's images to the cluster; they must have been built. */
    async loadImages(): Promise<void> {
        await this.cluster.loadImages(imageKeys(systemOf(this.system)).map(localImageRef));
    }
}
