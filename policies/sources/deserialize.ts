/**
 * Has `@pulumi/policy` read a resource's properties once: it would for each of the policies anew, which took most of the time of judging.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be a copy, and what it has is replaced
import library = require("@pulumi/policy/deserialize");

import { remember } from "../core/remember";
import { SELF } from "../core/unknown";

interface Struct {
    toJavaScript(): unknown;
}

/** As `@pulumi/policy` has it; its types leave it out. */
type Deserialize = (properties: Struct, keepsSecrets: boolean) => object;

/** For policies that only look at what they get. Those that mend a resource get one of their own. */
export function deserializeOnce(): void {
    const inner = library as unknown as { deserializeProperties: Deserialize };
    const { deserializeProperties } = inner;
    const once = remember((properties: Struct) => {
        const read = deserializeProperties(properties, false);
        return Object.defineProperty(read, SELF, { value: read });
    });
    inner.deserializeProperties = (properties, keepsSecrets) =>
        keepsSecrets ? deserializeProperties(properties, true) : once(properties);
}
