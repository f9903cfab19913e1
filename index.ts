import * as pulumi from "@pulumi/pulumi";

import { Platform } from "./components/platform";
import { loadStackConfig, programContext } from "./config/load";
import { localImageRef } from "./images/local";
import { version } from "./package.json";
import { SYSTEMS, deployedSystem } from "./systems";
import { targetOf } from "./targets";

const stack = pulumi.getStack();
const config = loadStackConfig(pulumi.runtime.allConfig(), SYSTEMS, programContext(stack));
const identity = {
    stack,
    system: config.system,
    environment: config.environment,
    version,
    prefix: `gw-${stack}`,
};
const platform = new Platform(identity.prefix, {
    system: deployedSystem(config),
    config,
    target: targetOf(config, identity),
    givenSecrets: new pulumi.Config("groundwork").getSecretObject<Record<string, string>>("secrets"),
    localImageRef,
});

export const { system, environment, prefix } = identity;
/** Where users reach the platform and its services. */
export const urls = platform.urls;
/** Each workload with its role, replicas, port and health path. */
export const services = platform.services;
/** Prometheus rules that tell when a backup is late. */
export const alerts = platform.alerts;
