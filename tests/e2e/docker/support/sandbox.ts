import type { SystemKey } from "../../../../systems/types";
import { type EdgeAddress, StackSandbox } from "../../support/sandbox";

/** On the Docker engine of this machine, at ports that no dev stack uses. */
export class Sandbox extends StackSandbox {
    readonly edge: EdgeAddress;

    /** @param offset Keeps the ports of sandboxes that run at once apart. */
    constructor(stack: string, system: SystemKey, offset: number) {
        const httpsPort = 21443 + offset;
        super(stack, system, { edge: { httpPort: 21080 + offset, httpsPort } });
        this.edge = { address: "127.0.0.1", httpsPort };
    }
}
