/** A system's dev stack, up on the real Docker engine while something is measured. */
import { buildLocalImages } from "../../../packages/cli/src/images/build";
import { SYSTEMS } from "../../../systems";
import { imageKeys, SYSTEM_KEYS, type SystemKey } from "../../../systems/types";
import { docker, missingDocker, sweep } from "../../e2e/docker/support/inventory";
import { Sandbox } from "../../e2e/docker/support/sandbox";
import { expectCode, type Result } from "../../e2e/support/sandbox";

export class Deployed {
    readonly sandbox: Sandbox;

    constructor(readonly system: SystemKey) {
        this.sandbox = new Sandbox(`bench-${system}`, system, 110 + SYSTEM_KEYS.indexOf(system));
    }

    /** As a user runs it. @throws Error with all that it wrote, when it failed */
    async gw(...args: string[]): Promise<Result> {
        const result = await this.sandbox.gw(...args);
        expectCode(result, 0);
        return result;
    }

    up(): Promise<Result> {
        return this.gw("up", "--yes");
    }

    destroy(): Promise<Result> {
        return this.gw("destroy", "--yes");
    }
}

/** @throws Error when there is no Docker engine, or an image cannot be built */
export async function withDeployed<T>(system: SystemKey, work: (deployed: Deployed) => Promise<T>): Promise<T> {
    const missing = await missingDocker();
    if (missing) throw new Error(missing);
    const deployed = new Deployed(system);
    try {
        await sweep(deployed.sandbox.stack);
        await buildLocalImages(imageKeys(SYSTEMS[system]), { docker, log: () => undefined });
        return await work(deployed);
    } finally {
        await sweep(deployed.sandbox.stack);
        deployed.sandbox.remove();
    }
}
