/** A system's dev stack for both engines: the same name, configuration and passphrase. */
import { createEmbeddedEngine, type EmbeddedEngine } from "../../../packages/engine/src";
import { SYSTEM_KEYS, type SystemKey } from "../../../systems/types";
import { ROOT } from "../../e2e/support/sandbox";

export const PASSPHRASE = "of these tests";

export interface StackUnderTest {
    name: string;
    system: SystemKey;
    httpPort: number;
    httpsPort: number;
}

/** Ports that no dev stack and no other suite uses. */
export function stackOf(name: string, system: SystemKey, base = 19_680): StackUnderTest {
    const offset = SYSTEM_KEYS.indexOf(system);
    return { name, system, httpPort: base + offset, httpsPort: base + 20 + offset };
}

/** As in a stack file. */
export function configOf(stack: StackUnderTest): Record<string, unknown> {
    return {
        "groundwork:environment": "dev",
        "groundwork:system": stack.system,
        "groundwork:images": { source: "local" },
        "groundwork:edge": { httpPort: stack.httpPort, httpsPort: stack.httpsPort },
    };
}

/** The embedded engine on the program of this repository. */
export function embedded(stack: StackUnderTest, stateDir: string): EmbeddedEngine {
    const config = Object.entries(configOf(stack)).map(([key, value]) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return [key, { value: text, secret: false }] as const;
    });
    return createEmbeddedEngine({
        projectDir: ROOT,
        stateDir,
        stack: stack.name,
        passphrase: PASSPHRASE,
        config: Object.fromEntries(config),
    });
}
