/**
 * What happens to a stack that runs: updates, failures, strangers. The documents allow a failed service 5 minutes and no lost data; what
 * was measured is printed at the end and written to `reports/recovery-kubernetes.json`.
 */
import { afterAll, beforeAll, describe } from "vitest";

import { ENGINE } from "../support/sandbox";
import { network } from "./running/network";
import { node } from "./running/node";
import { pods } from "./running/pods";
import { rolling } from "./running/rolling";
import { RunningStack } from "./running/stack";
import { volume } from "./running/volume";

describe(`debt-os that runs on Kubernetes, ${ENGINE}:`, () => {
    const running = new RunningStack();
    beforeAll(() => running.start(), 1_800_000);
    afterAll(() => running.end(), 900_000);

    network(running);
    rolling(running);
    pods(running);
    volume(running);
    node(running);
});
