import { execIn } from "../../../packages/cli/src/docker/exec";
import { expect } from "vitest";

import {
    containersOf,
    docker,
    missingDocker,
    needsDocker,
    NOTHING,
    remains,
    servicesOf,
    sweep,
} from "../docker/support/docker";
import { Sandbox } from "../docker/support/sandbox";
import { disasterDrill } from "../support/disaster/suite";
import type { Ruin } from "../support/disaster/place";
import { OutsideBucket } from "./support/outside-bucket";

needsDocker();

disasterDrill({
    title: "Docker",
    prefix: "e2e-",
    missing: missingDocker,
    openBucket: () => OutsideBucket.start(),
    closeBucket: () => OutsideBucket.sweep(),
    open(stack, system, offset) {
        const inside: Ruin["inside"] = async (service, script) => {
            const found = (await servicesOf(stack)).find((each) => each.service === service);
            if (!found) throw new Error(`${stack} has no container of ${service}`);
            const { exitCode, stdout, stderr } = await execIn(docker, found.id, ["sh", "-ec", script], 300_000);
            if (exitCode !== 0) throw new Error(`${service}: ended with ${exitCode}:\n${stderr}\n${stdout}`);
            return stdout.trim();
        };
        return Promise.resolve({
            sandbox: new Sandbox(stack, system, offset),
            shipper: "backup",
            inside,
            async backUp(store, schedule) {
                const own = (await servicesOf(stack)).some(({ service }) => service === `backup-${store}`);
                await inside(own ? `backup-${store}` : "backup", `backup run ${store} --tier ${schedule}`);
            },
            isAt: async (step) => (await containersOf(stack)).some(({ name }) => name.endsWith(`-restore-${step}`)),
            async raze() {
                await sweep(stack);
                expect(await remains(stack)).toEqual(NOTHING);
            },
        });
    },
});
